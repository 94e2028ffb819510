import type { ReplayController } from '@session-replay-kit/core'
import { act, render } from '@testing-library/react'
import * as React from 'react'
import { type ComponentType, type ReactNode, StrictMode, Suspense } from 'react'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createFakeReplay } from '../test/support/fake-replay.ts'
import { LayoutEffect, Suspended } from '../test/support/probes.tsx'
import { PauseReplay } from './PauseReplay.ts'
import { SessionReplayProvider } from './SessionReplayProvider.tsx'
import { type UsePauseReplayOptions, usePauseReplay } from './usePauseReplay.ts'

const Restricted = (props: UsePauseReplayOptions & { active?: boolean; children?: ReactNode }) => {
  usePauseReplay(props.active, props)
  return <p>{props.children}</p>
}

const Wizard = ({ step, scope }: { step: string; scope: 'dom' | 'visible' }) => {
  usePauseReplay(step === 'pay', { scope })
  return step === 'pay' ? <form>4711</form> : <p>{step}</p>
}

const inside = (client: ReplayController, children: ReactNode) => (
  <SessionReplayProvider client={client}>{children}</SessionReplayProvider>
)
const recorded = async (client: ReplayController) => {
  const result = render(inside(client, null))
  await act(async () => void (await client.whenIdle()))
  return (children: ReactNode) => result.rerender(inside(client, children))
}
const held = (client: ReplayController) => client.getSnapshot().reasons.map(({ count }) => count)

describe('usePauseReplay()', () => {
  it('has closed the gate before layout effects of the same commit run', async () => {
    const { client, recorder } = createFakeReplay()
    const show = await recorded(client)
    const live: number[] = []
    const look = () => void live.push(recorder.live)
    show([<LayoutEffect key="early" run={look} />, <Restricted key="restricted" />])
    expect(live).toEqual([0])
  })

  it('counts components, and ends with the last', async () => {
    const { client } = createFakeReplay()
    const show = await recorded(client)
    show([<Restricted key="a" />, <Restricted key="b" />])
    expect(held(client)).toEqual([2])
    show([<Restricted key="b" />])
    expect(held(client)).toEqual([1])
    show(null)
    expect(held(client)).toEqual([])
  })

  it('follows `active` and `detail`', async () => {
    const { client } = createFakeReplay()
    const show = await recorded(client)
    show(<Restricted active={false} detail="one" />)
    expect(held(client)).toEqual([])
    show(<Restricted active detail="one" />)
    expect(client.getSnapshot().reasons).toMatchObject([{ detail: 'one' }])
    show(<Restricted active detail="two" />)
    expect(client.getSnapshot().reasons).toMatchObject([{ detail: 'two', count: 1 }])
  })

  it('holds once in StrictMode', async () => {
    const { client } = createFakeReplay()
    const show = await recorded(client)
    show(
      <StrictMode>
        <Restricted />
        <Restricted scope="visible" />
      </StrictMode>,
    )
    expect(held(client)).toEqual([2])
    show(null)
    expect(held(client)).toEqual([])
  })

  it('stays held when Suspense hides what it has shown', async () => {
    const { client } = createFakeReplay()
    const show = await recorded(client)
    const page = (wait: boolean) => (
      <Suspense fallback="wait">
        <Restricted>secret</Restricted>
        <Suspended when={wait} />
      </Suspense>
    )
    show(page(false))
    show(page(true))
    expect(document.querySelector('p')?.style.display).toBe('none')
    expect(held(client)).toEqual([1])
  })

  const { Activity } = React as { Activity?: ComponentType<{ mode: string; children: ReactNode }> }
  // React 18 has none.
  if (Activity)
    it('scope decides what a hidden Activity means', async () => {
      const { client } = createFakeReplay()
      const show = await recorded(client)
      const Kept = Activity as NonNullable<typeof Activity>
      const page = (scope: 'dom' | 'visible', mode: string) => (
        <Kept key={scope} mode={mode}>
          <Restricted scope={scope}>secret</Restricted>
        </Kept>
      )
      show(page('dom', 'visible'))
      show(page('dom', 'hidden'))
      expect(held(client)).toEqual([1])
      show(page('visible', 'visible'))
      expect(held(client)).toEqual([1])
      show(page('visible', 'hidden'))
      expect(held(client)).toEqual([])
    })

  describe.each(['dom', 'visible'] as const)('with scope %s', (scope) => {
    it('takes what replaces the screen in the same commit for the next screen', async () => {
      const isKnown = (node: Node) => !['FORM', 'P'].includes(node.nodeName)
      const { client } = createFakeReplay({}, { knows: isKnown })
      // As if drawn: jsdom draws nothing.
      Element.prototype.checkVisibility = () => true
      onTestFinished(() => void Reflect.deleteProperty(Element.prototype, 'checkVisibility'))
      const show = await recorded(client)
      show(<Wizard scope={scope} step="pay" />)
      await act(async () => {})
      show(<Wizard scope={scope} step="done" />)
      await vi.waitFor(() => expect(client.getSnapshot().isRecording).toBe(true))
      expect(document.querySelector('p')?.outerHTML).toBe('<p>done</p>')
    })
  })

  it('leaves nothing behind after a thousand mounts', async () => {
    const { client, recorder } = createFakeReplay()
    const show = await recorded(client)
    for (let round = 0; round < 1000; round++) {
      show(<Restricted />)
      show(null)
    }
    expect(held(client)).toEqual([])
    await act(async () => void (await client.whenIdle()))
    expect(recorder.live).toBe(1)
  })
})

it('PauseReplay renders its children only and follows `when`', async () => {
  const { client } = createFakeReplay()
  const { container, rerender } = render(inside(client, <PauseReplay detail="pin">secret</PauseReplay>))
  expect(container.innerHTML).toBe('secret')
  expect(client.getSnapshot().reasons).toMatchObject([{ kind: 'component', detail: 'pin' }])
  rerender(
    inside(
      client,
      <PauseReplay when={false} detail="pin">
        secret
      </PauseReplay>,
    ),
  )
  expect(client.getSnapshot().reasons).toEqual([])
})
