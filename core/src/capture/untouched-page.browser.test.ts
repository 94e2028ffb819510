import { expect, it } from 'vitest'
import { EventType } from '../types.ts'
import { startCapture } from './record.ts'

// A file of its own: rrweb takes the natives of a page once, when it is first asked for a snapshot.

it('puts nothing into a page that it records', async () => {
  document.body.innerHTML = '<main><p>hello</p></main><div id="host"></div>'
  document.querySelector('#host')?.attachShadow({ mode: 'open' }).append('shadow')
  const changes: MutationRecord[] = []
  const observer = new MutationObserver((records) => changes.push(...records))
  observer.observe(document, { subtree: true, childList: true, attributes: true })

  const capture = await new Promise<ReturnType<typeof startCapture>>((resolve) => {
    const begun = startCapture({
      emit: ({ type }) => {
        if (type === EventType.FullSnapshot) queueMicrotask(() => resolve(begun))
      },
      rewrite: (event) => event,
      blockSelector: '',
      settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
      report: (problem) => {
        throw problem
      },
    })
  })
  capture.takeFullSnapshot()
  capture.stop()

  changes.push(...observer.takeRecords())
  observer.disconnect()
  expect(changes.flatMap(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes])).toEqual([])
  expect(changes).toEqual([])
})
