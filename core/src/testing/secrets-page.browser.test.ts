import { afterEach, expect, test } from 'vitest'
import { secretsPage } from './secrets-page.ts'

afterEach(() => document.body.replaceChildren())

/** Everything that is in the tree: markup of light and shadow trees. */
function markup(root: Element | ShadowRoot): string {
  const shadows = [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) =>
    shadowRoot ? [markup(shadowRoot)] : [],
  )
  return [root.innerHTML, ...shadows].join('\n')
}

test('plants every secret in a living page', () => {
  const page = secretsPage()
  page.install(document.body)
  const all = markup(document.body)
  expect(page.secrets.filter(({ secret }) => !all.includes(secret))).toEqual([])
})

test('brings shadow trees to life, nested ones too', () => {
  const page = secretsPage()
  page.install(document.body)
  expect(document.querySelectorAll('template[shadowrootmode]')).toHaveLength(0)
  const nested = [...document.querySelectorAll('section:first-child > div')].flatMap(({ shadowRoot }) =>
    shadowRoot ? [...shadowRoot.querySelectorAll('*')].filter((inner) => inner.shadowRoot) : [],
  )
  expect(nested).toHaveLength(1)
})

test('fields hold their secret as value', () => {
  const page = secretsPage()
  page.install(document.body)
  const password = page.secrets.find(
    ({ channel, placement }) => channel === 'password' && placement === 'page',
  )
  expect(document.querySelector<HTMLInputElement>('input[type=password]')?.value).toBe(password?.secret)
})
