// @vitest-environment node
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Every example of the README compiles as it stands, against the sources.

const ROOT = `${import.meta.dirname}/..`
const FOLDER = `${ROOT}/test/.readme`
const BLOCKS = [...readFileSync(`${ROOT}/README.md`, 'utf8').matchAll(/```tsx\n([\s\S]*?)```/g)].map(
  ([, code = '']) => code,
)
/** Files of the reader's app that examples import. */
const APP = {
  'App.tsx': 'export default () => null\n',
  'Profile.tsx': 'export const Profile = (_: { name: string; iban: string; isPrivate: boolean }) => null\n',
}

let problems: string[]

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER)
  const files = { ...APP, ...Object.fromEntries(BLOCKS.map((code, index) => [`block-${index}.tsx`, code])) }
  for (const [name, code] of Object.entries(files)) writeFileSync(`${FOLDER}/${name}`, code)

  const config = ts.readConfigFile(`${ROOT}/tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT)
  const names = Object.keys(files).map((name) => `${FOLDER}/${name}`)
  const program = ts.createProgram([...names, `${ROOT}/src/next-navigation.d.ts`], {
    ...options,
    noUnusedLocals: false,
    isolatedModules: false,
  })
  problems = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file?.fileName.includes('/.readme/'))
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    )
}, 60_000)

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

it('has examples', () => {
  expect(BLOCKS.length).toBeGreaterThanOrEqual(8)
})

it('has none that does not compile', () => {
  expect(problems).toEqual([])
})
