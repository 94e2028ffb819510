import { render } from '@testing-library/svelte'
import { tick } from 'svelte'
import { expect, test } from 'vitest'
import Kit from './fixtures/Kit.svelte'
import { page } from './fixtures/kit-app.svelte.ts'
import { createTestReplay } from './support/test-replay.ts'

test.each([
  ['the rules', '/secret', {}],
  ['its data', '/', { replay: 'deny' }],
])('a page that %s deny stays denied until the next one is put in', async (_who, path, data) => {
  const open = { url: page.url, data: {} }
  const { client } = createTestReplay({ routes: { deny: '/secret' } })
  client.start()
  Object.assign(page, { url: new URL(path, page.url), data })
  render(Kit, { client })
  const denied = (): boolean => client.getSnapshot().reasons.some(({ kind }) => kind === 'route')
  expect(denied()).toBe(true)

  // SvelteKit tells of a page before Svelte shows it, much earlier if that waits for something.
  Object.assign(page, open)
  client.navigation.evaluate()
  expect(denied()).toBe(true)
  await tick()
  expect(denied()).toBe(false)
})
