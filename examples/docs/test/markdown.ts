import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../../..')

const NOT_OURS = /^(node_modules|dist|coverage|\..*)$/

/** Paths of all Markdown files of the repository, from its root. */
export function markdownFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.isDirectory()) {
      const isOurs = !NOT_OURS.test(entry.name) || path === '.github' || path === '.changeset'
      return isOurs ? markdownFiles(path) : []
    }
    return entry.name.endsWith('.md') ? [path] : []
  })
}

export const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export interface Block {
  language: string
  code: string
  /** The file that the block is a copy of, from the comment `<!-- file: … -->` before it. */
  file: string | null
  line: number
}

/** The fenced code blocks of a page. */
export function codeBlocks(markdown: string): Block[] {
  const found = markdown.matchAll(/(?:^<!-- file: (\S+) -->\n+)?^( *)```(\w*)[^\n]*\n([\s\S]*?)^ *```$/gm)
  return [...found].map(([, file, indent = '', language = '', code = ''], index, all) => ({
    language,
    code: indent ? code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') : code,
    file: file ?? null,
    line: lineAt(markdown, [...markdown.matchAll(/^ *```\w/gm)][index]?.index ?? all.length),
  }))
}

/** A page without its code. */
export const prose = (markdown: string): string =>
  markdown.replace(/^ *```[\s\S]*?^ *```$/gm, '').replace(/`[^`\n]*`/g, (code) => ' '.repeat(code.length))

/** Where the links and pictures of a page lead to. */
export function linkTargets(markdown: string): string[] {
  const text = prose(markdown)
  return [
    ...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...text.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm),
    ...text.matchAll(/(?:src|href)="([^"]+)"/g),
  ].map(([, target = '']) => target)
}

/** The names that headings can be linked by, as GitHub makes them. */
export function anchors(markdown: string): Set<string> {
  const seen = new Map<string, number>()
  const headings = markdown.replace(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)
  return new Set(
    [...headings].map(([, heading = '']) => {
      const slug = slugOf(heading)
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      return count === 0 ? slug : `${slug}-${count}`
    }),
  )
}

export const slugOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-')

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length
