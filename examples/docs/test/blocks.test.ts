import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeBlocks, markdownFiles, read } from './markdown.ts'

// Every example compiles as it stands. The packages' own READMEs are compiled by the packages' own tests.

const HERE = join(import.meta.dirname, '..')
const FOLDER = join(HERE, '.blocks')
const pages = markdownFiles().filter((path) => /^(README|core\/README|core\/docs\/.*)\.md$/.test(path))
const blocks = pages.flatMap((page) =>
  codeBlocks(read(page))
    .filter(({ language, file }) => ['ts', 'tsx', 'vue', 'svelte'].includes(language) && file === null)
    .map(({ language, code, line }, index) => ({
      code,
      path: join(
        FOLDER,
        page.replaceAll('/', '-').replace('.md', ''),
        nameIn(code, language) ?? `line-${line}-${index}.${language}`,
      ),
    })),
)

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  for (const { path, code } of blocks) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, code)
  }
  // As strict as our own code, but nobody uses what an example only declares.
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  writeFileSync(
    join(FOLDER, 'tsconfig.json'),
    JSON.stringify({ extends: '../tsconfig.json', include: ['.', '../test/reader.d.ts'], compilerOptions }),
  )
})

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

test('there are examples', () => {
  expect(blocks.length).toBeGreaterThan(20)
})

test('TypeScript and Vue examples compile', { timeout: 120_000 }, async () => {
  expect(await problemsOf('vue-tsc', ['--pretty', 'false', '-p', '.blocks/tsconfig.json'])).toEqual([])
})

test('Svelte examples compile', { timeout: 120_000 }, async () => {
  const args = ['--workspace', '.blocks', '--tsconfig', './tsconfig.json', '--output', 'machine']
  expect(await problemsOf('svelte-check', args)).toEqual([])
})

/** `// main.ts` or `<!-- App.vue -->` in the first line: other examples of the page may import it. */
function nameIn(code: string, language: string): string | undefined {
  const [, name] = /^(?:\/\/|<!--) (?:.*\/)?([\w.-]+\.\w+)\b/.exec(code) ?? []
  return name?.endsWith(`.${language}`) ? name : undefined
}

function problemsOf(command: string, args: string[]): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(join(HERE, 'node_modules/.bin', command), args, { cwd: HERE }, (error, stdout, stderr) => {
      if (!error) return resolve([])
      const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /error/i.test(line))
      resolve(lines.length > 0 ? lines : [String(error)])
    })
  })
}
