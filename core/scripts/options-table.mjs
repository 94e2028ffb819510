// Writes the options tables of the package's README from the doc comments of the code: `node core/scripts/options-table.mjs`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const SRC = resolve(import.meta.dirname, '../src')
const SOURCES = ['config/options.ts', 'types.ts', 'controller/types.ts', 'platform/logger.ts']
const START = '<!-- options:start -->'
const END = '<!-- options:end -->'
export const README = resolve(import.meta.dirname, '../README.md')

const DOORS = {
  SessionReplayOptions: '',
  ControllerOptions: '`createSessionReplay(options)` knows these as well:',
  StandaloneOptions: '`init(apiKey, options)` knows these as well:',
}

/** Structures that are shown field by field; all other types are shown by their text. */
const UNFOLDED = [
  'PrivacyConfig',
  'PerformanceConfig',
  'InteractionConfig',
  'CrossOriginIframesConfig',
  'FlushIntervalConfig',
  'SettleOptions',
]

const statements = SOURCES.flatMap((path) => [
  ...ts.createSourceFile(path, readFileSync(join(SRC, path), 'utf8'), ts.ScriptTarget.Latest, true)
    .statements,
])
const interfaces = new Map(statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]))
/** Names for a few words, such as the mask levels: the words themselves tell more. */
const words = new Map(
  statements
    .filter(ts.isTypeAliasDeclaration)
    .filter(({ type }) => ts.isUnionTypeNode(type) && type.types.every(ts.isLiteralTypeNode))
    .map((one) => [one.name.text, one.type.getText()]),
)

export function readOptions() {
  const all = Object.keys(DOORS).flatMap((door) => readMembers(door, interfaces.get(door)?.members ?? [], ''))
  return all.filter((option, index) => all.findIndex(({ name }) => name === option.name) === index)
}

function readMembers(door, members, prefix) {
  return members.flatMap((member) => {
    if (!ts.isPropertySignature(member) && !ts.isMethodSignature(member)) return []
    const name = `${prefix}${member.name.getText()}`
    const inner = innerMembers(member.type)
    const option = { door, name, type: typeOf(member), ...docOf(member) }
    return inner ? [option, ...readMembers(door, inner, `${name}.`)] : [option]
  })
}

function innerMembers(type) {
  if (!type) return undefined
  if (ts.isTypeLiteralNode(type)) return type.members.some(docNode) ? type.members : undefined
  // `Partial<SettleOptions>` is a SettleOptions to the reader.
  const [first] = type.typeArguments ?? []
  const name = type.typeName?.getText() === 'Partial' ? first?.getText() : type.typeName?.getText()
  return UNFOLDED.includes(name) ? interfaces.get(name)?.members : undefined
}

function typeOf(member) {
  if (ts.isMethodSignature(member)) {
    const parameters = member.parameters.map((one) => one.getText()).join(', ')
    return `(${parameters}) => ${member.type?.getText()}`
  }
  if (innerMembers(member.type)) return 'object'
  const text = (member.type?.getText() ?? 'unknown').replace(/\s+/g, ' ')
  return words.get(text) ?? text
}

const docNode = (member) => ts.getJSDocCommentsAndTags(member).find(ts.isJSDoc)

function docOf(member) {
  const doc = docNode(member)
  const tag = doc?.tags?.find((one) => one.tagName.text === 'default')
  const line = (text) => (ts.getTextOfJSDocComment(text) ?? '').replace(/\s+/g, ' ').trim()
  return { default: line(tag?.comment), text: line(doc?.comment) }
}

export function optionsTables() {
  const options = readOptions()
  const tables = Object.entries(DOORS).map(([door, heading]) => {
    const rows = options.filter((option) => option.door === door).map(rowOf)
    return [
      heading,
      heading && '',
      '| option | type | default | what it does |',
      '|---|---|---|---|',
      ...rows,
    ]
      .filter((line, index) => line || index === 1)
      .join('\n')
      .trim()
  })
  return tables.join('\n\n')
}

const rowOf = (option) =>
  `| ${[code(option.name), code(option.type), defaultOf(option), cell(option.text)].join(' | ')} |`
const cell = (text) => text.replaceAll('|', '\\|')
const code = (text) => `\`${cell(text)}\``
const defaultOf = (option) => (option.default && option.default !== 'undefined' ? code(option.default) : '')

export function withOptionsTables(readme) {
  const [before, rest, ...more] = readme.split(START)
  const [, after] = rest?.split(END) ?? []
  if (after === undefined || more.length > 0) throw new Error(`README.md needs ${START} and ${END} once.`)
  return `${before}${START}\n\n${optionsTables()}\n\n${END}${after}`
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(README, withOptionsTables(readFileSync(README, 'utf8')))
  console.log(`${readOptions().length} options written to ${README}`)
}
