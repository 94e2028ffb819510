import { render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import Actions from './fixtures/Actions.svelte'
import Boundary from './fixtures/Boundary.svelte'
import Marks from './fixtures/Marks.svelte'

/** The marks of an element, as in the markup. */
const marks = (id: string): string =>
  screen
    .getByTestId(id)
    .getAttributeNames()
    .filter((name) => name.startsWith('data-amp-'))
    .map((name) => `${name.slice(9)}=${screen.getByTestId(id).getAttribute(name)}`)
    .join(' ')

const MASKED = ['spread-mask', 'attach-mask', 'child-mask', 'wrap-mask']
const BLOCKED = ['spread-block', 'attach-block', 'as-block']
const UNMASKED = ['spread-unmask', 'child-unmask']

test('props, attachments and components set the same attributes', () => {
  render(Marks)
  for (const id of MASKED) expect([id, marks(id)]).toEqual([id, 'mask='])
  for (const id of BLOCKED) expect([id, marks(id)]).toEqual([id, 'block='])
  for (const id of UNMASKED) expect([id, marks(id)]).toEqual([id, 'unmask='])
})

test('switching off takes the attributes away and keeps the elements', async () => {
  const { rerender } = render(Marks)
  const before = [...MASKED, ...BLOCKED, ...UNMASKED].map((id) => screen.getByTestId(id))
  await rerender({ when: false })
  expect([...MASKED, ...BLOCKED, ...UNMASKED].map(marks).join('')).toBe('')
  await rerender({ when: true })
  for (const id of MASKED) expect([id, marks(id)]).toEqual([id, 'mask='])
  expect([...MASKED, ...BLOCKED, ...UNMASKED].map((id) => screen.getByTestId(id))).toEqual(before)
})

test('a level is the value of the attribute, and may change', async () => {
  const { rerender } = render(Marks, { level: 'light' })
  for (const id of MASKED) expect([id, marks(id)]).toEqual([id, 'mask=light'])
  await rerender({ level: 'conservative' })
  for (const id of MASKED) expect([id, marks(id)]).toEqual([id, 'mask=conservative'])
})

test('the child snippet adds no element, `as` adds the named one, otherwise a box-less span is added', () => {
  render(Marks)
  expect(screen.getByTestId('child-mask').parentElement?.tagName).toBe('DIV')
  expect(screen.getByTestId('as-block').tagName).toBe('SECTION')
  expect(screen.getByTestId('as-block').className).toBe('box')
  expect(screen.getByTestId('wrap-mask').tagName).toBe('SPAN')
  expect(screen.getByTestId('wrap-mask').style.display).toBe('contents')
})

test('a portal inside of a boundary carries its marks, and the stricter mask wins', () => {
  const host = document.body.appendChild(document.createElement('aside'))
  render(Boundary, { host, level: 'conservative' })
  expect(screen.getByTestId('boundary').contains(screen.getByTestId('portal'))).toBe(false)
  expect(marks('boundary')).toBe('mask=conservative')
  expect(marks('portal')).toBe('mask=conservative')
  expect(marks('inner')).toBe('mask=conservative')
  host.remove()
})

test('a boundary that is switched on later reaches the portal', async () => {
  const host = document.body.appendChild(document.createElement('aside'))
  const { rerender } = render(Boundary, { host, mode: 'block', when: false })
  expect(marks('portal')).toBe('')
  await rerender({ when: true })
  expect(marks('portal')).toBe('block=')
  host.remove()
})

test('a level that is an empty string masks everything, as the attribute does', () => {
  const host = document.body.appendChild(document.createElement('aside'))
  render(Marks, { level: '' as never })
  for (const id of MASKED) expect([id, marks(id)]).toEqual([id, 'mask='])
  render(Boundary, { host, level: '' as never })
  expect(marks('portal')).toBe('mask=')
  host.remove()
})

test.each(['hide', '', null])('a boundary masks for the unknown mode %j, and says so', (mode) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const host = document.body.appendChild(document.createElement('aside'))
  render(Boundary, { host, mode: mode as never })
  expect(marks('boundary')).toBe('mask=')
  expect(marks('portal')).toBe('mask=')
  expect(warn.mock.calls.join()).toContain(
    `BAD_OPTION: <ReplayPrivacyBoundary> has mode=${JSON.stringify(mode)}`,
  )
  host.remove()
  warn.mockRestore()
})

test('actions set, update and restore the attributes', async () => {
  const { rerender } = render(Actions, { when: true })
  expect(['mask', 'block', 'bare', 'own'].map(marks)).toEqual(['mask=', 'block=', 'mask=', 'mask='])
  await rerender({ when: 'conservative' })
  expect(['mask', 'block', 'own'].map(marks)).toEqual(['mask=conservative', 'block=', 'mask=conservative'])
  await rerender({ when: false })
  expect(['mask', 'block', 'bare', 'own'].map(marks)).toEqual(['', '', 'mask=', 'mask=light'])
})

test('an element that leaves keeps its marks to the end', () => {
  const { unmount } = render(Actions, { when: true })
  const element = screen.getByTestId('block')
  unmount()
  expect(element.isConnected).toBe(false)
  expect(element.hasAttribute('data-amp-block')).toBe(true)
})
