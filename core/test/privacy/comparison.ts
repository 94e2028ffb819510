import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { VERSION } from '../../src/version.ts'
import { replacePart } from '../support/levels-table.ts'
import type { RecorderName } from './visit.ts'

const DOCUMENT = join(import.meta.dirname, '../../docs/privacy.md')

interface Counts {
  checks: number
  leaks: number
  wronglyHidden: number
}

/** Writes what was counted into the docs, with today's date. */
export async function writeComparison(counts: Record<RecorderName, Counts>): Promise<void> {
  const rows = (Object.keys(counts) as RecorderName[]).map((name) => {
    const { checks, leaks, wronglyHidden } = counts[name]
    return `| ${nameOf(name)} | ${grouped(checks)} | ${grouped(leaks)} | ${grouped(wronglyHidden)} |`
  })
  const table = [
    `Counted on ${new Date().toISOString().slice(0, 10)}:`,
    '',
    '| recorder | checks | leaks | wrongly hidden |',
    '| --- | --: | --: | --: |',
    ...rows,
  ].join('\n')
  await writeFile(DOCUMENT, replacePart(await readFile(DOCUMENT, 'utf8'), 'compared', table))
}

function nameOf(recorder: RecorderName): string {
  if (recorder === 'kit') return `this kit ${VERSION}`
  if (recorder === 'official')
    return `\`@amplitude/plugin-session-replay-browser\` ${versionOf('@amplitude/plugin-session-replay-browser')}`
  return `\`@rrweb/record\` ${versionOf('@rrweb/record')} alone`
}

function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  const [path = ''] = /^.*node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(require.resolve(name)) ?? []
  return (require(join(path, 'package.json')) as { version: string }).version
}

/** 12345 as `12 345`. */
const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
