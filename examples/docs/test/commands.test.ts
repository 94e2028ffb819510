import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { markdownFiles, ROOT, read } from './markdown.ts'

// Commands that the pages print lead to tests and scripts that exist.

const commands = markdownFiles().flatMap((file) =>
  [...read(file).matchAll(/\b(npx vitest run|npm run|node) [^`\n]*/g)].map(([command]) => ({
    file,
    command: command.split(/ #| {2,}/)[0] ?? '',
  })),
)

test('finds commands', () => {
  expect(commands.length).toBeGreaterThan(20)
})

test('every test project that is named exists', () => {
  const configs = [...read('vitest.workspace.ts').matchAll(/'([^']+)',/g)]
    .map(([, path = '']) => (path.endsWith('.ts') ? path : `${path}/vitest.config.ts`))
    .map((path) => /name: '([^']+)'/.exec(read(path))?.[1])
  const unknown = commands.flatMap(({ file, command }) =>
    [...command.matchAll(/--project=([\w-]+)/g)]
      .filter(([, name]) => !configs.includes(name))
      .map(([, name]) => `${file}: ${name}`),
  )
  expect(unknown).toEqual([])
})

test('every path that is named exists, at least as the beginning of a name', () => {
  const unknown = commands.flatMap(({ file, command }) =>
    [...command.matchAll(/(?<=[ =])((?:core|react|vue|svelte|examples)\/[\w./-]+)/g)]
      .filter(([, path = '']) => !begins(path))
      .map(([, path]) => `${file}: ${path}`),
  )
  expect(unknown).toEqual([])
})

test('every script that is named exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const unknown = commands.flatMap(({ file, command }) => {
    const [, script = ''] = /^npm run ([\w:-]+)/.exec(command) ?? []
    return script && !(script in scripts) ? [`${file}: ${script}`] : []
  })
  expect(unknown).toEqual([])
})

function begins(path: string): boolean {
  const whole = join(ROOT, path)
  if (existsSync(whole)) return true
  const folder = dirname(whole)
  return existsSync(folder) && readdirSync(folder).some((name) => join(folder, name).startsWith(whole))
}
