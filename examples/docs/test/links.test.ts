import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { anchors, codeBlocks, linkTargets, markdownFiles, ROOT, read } from './markdown.ts'

const files = markdownFiles()

test('finds the pages', () => {
  expect(files).toContain('README.md')
  expect(files).toContain('core/docs/privacy.md')
  expect(files.filter((file) => file.includes('node_modules'))).toEqual([])
})

test.each(files)('every link of %s leads somewhere', (file) => {
  const dead = linkTargets(read(file)).filter((target) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const to = path ? normalize(join(dirname(file), decodeURI(path))) : file
    if (to.startsWith('..') || !existsSync(join(ROOT, to))) return true
    return anchor !== undefined && !(to.endsWith('.md') && anchors(read(to)).has(decodeURI(anchor)))
  })
  expect(dead).toEqual([])
})

// Other names are those of the reader's own files.
const OURS = /^(core|react|vue|svelte|examples)\//

test.each(files)('the examples of %s that name a file of ours are that file', (file) => {
  const others = codeBlocks(read(file)).filter(
    ({ file: of, code }) =>
      of !== null && OURS.test(of) && (!existsSync(join(ROOT, of)) || read(of) !== code),
  )
  expect(others.map(({ file: of }) => of)).toEqual([])
})
