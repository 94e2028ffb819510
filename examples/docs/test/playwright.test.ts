import { execFile } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const HERE = join(import.meta.dirname, '..')

test('the Playwright example passes', { timeout: 120_000 }, async () => {
  const PORT = String(await freePort())
  const output = await new Promise<string>((resolve) => {
    execFile(
      join(HERE, 'node_modules/.bin/playwright'),
      ['test', '--config', 'testing/playwright/playwright.config.ts'],
      { cwd: HERE, env: { ...process.env, PORT } },
      (_error, stdout, stderr) => resolve(`${stdout}${stderr}`),
    )
  })
  expect(output).toMatch(/\b1 passed/)
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, 'localhost', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
