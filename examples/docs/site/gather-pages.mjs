import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOT } from '../../setup/bootstrap.mjs'

const PAGES = /^(README|CHANGELOG|CONTRIBUTING|SECURITY|CODE_OF_CONDUCT)\.md$/
const FOLDERS =
  /^(core|react|vue|svelte)\/README\.md$|^core\/docs\/|^examples\/(\w+\/)?(README\.md|docs\/.*)$/
const SKIPPED = /(^|\/)(node_modules|dist|\..*)(\/|$)/

/**
 * Copies the repository's Markdown into `site`, folder by folder as it is, so that links between pages stay right. READMEs
 * become the index of their folder; links to files that are no pages become plain text, pictures come along.
 */
export function gatherPages(site) {
  const pages = markdown('').filter((path) => PAGES.test(path) || FOLDERS.test(path))
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), 'utf8')
    write(
      join(site, indexed(page)),
      outsideCode(text, (prose) => withLinks(prose, page, pages, site)),
    )
  }
  return pages.map(indexed)
}

function markdown(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name
    if (SKIPPED.test(path)) return []
    if (entry.isDirectory()) return markdown(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

const indexed = (path) => path.replace(/README\.md$/, 'index.md')

/** Blocks of code are left alone. */
function outsideCode(text, change) {
  return text
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('')
}

function withLinks(text, page, pages, site) {
  return text
    .replace(/<!-- file: .* -->\n\n/g, '')
    .replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (link, picture, label, target) => {
      const [path, anchor] = target.split('#')
      if (/^[a-z]+:/.test(target) || path === '') return link
      const to = normalize(join(dirname(page), path)).replace(/\/$/, '')
      if (picture) {
        mkdirSync(dirname(join(site, to)), { recursive: true })
        copyFileSync(join(ROOT, to), join(site, to))
        return link
      }
      if (pages.includes(to)) return `[${label}](${indexed(path)}${anchor ? `#${anchor}` : ''})`
      const readme = `${to}/README.md`
      if (pages.includes(readme)) return `[${label}](${path.replace(/\/$/, '')}/index.md)`
      if (!existsSync(join(ROOT, to))) throw new Error(`${page} links to ${target}, which does not exist.`)
      return label
    })
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
