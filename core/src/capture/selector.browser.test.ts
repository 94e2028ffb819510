import { beforeEach, expect, it } from 'vitest'
import { findSelector } from './selector.ts'

beforeEach(() => {
  document.body.innerHTML = ''
})

const build = (html: string): Element => {
  document.body.innerHTML = html
  return document.querySelector('[data-target]') as Element
}

it.each([
  ['an id first', '<div><a id="buy" class="x" data-target></a></div>', '#buy'],
  ['one class if it is enough', '<a class="link"></a><a class="link buy" data-target></a>', '.buy'],
  ['the tag if it is enough', '<p></p><button data-target></button>', 'button'],
  ['the position among its kind', '<ul><li></li><li data-target></li></ul>', 'li:nth-of-type(2)'],
  [
    'the nearest parent that makes it unique',
    '<nav><a></a></nav><div><i><b><a data-target></a></b></i></div><div><i><b></b></i></div>',
    'b > a',
  ],
  [
    'no step that is not needed',
    '<div id="a"><p><b></b></p></div><div id="b"><p><b data-target></b></p></div>',
    '#b b',
  ],
  ['names that need escaping', '<a id="1:x" data-target></a>', '#\\31 \\:x'],
])('uses %s', (_title, html, expected) => {
  const target = build(html)
  const found = findSelector(target)
  expect(found).toBe(expected)
  expect([...document.querySelectorAll(found as string)]).toEqual([target])
})

it('skips an id that occurs twice', () => {
  const target = build('<a id="twice"></a><b id="twice" data-target></b>')
  expect(document.querySelector(findSelector(target) as string)).toBe(target)
})

it('shows neither ids nor classes when only the structure may be told', () => {
  const target = build('<main id="secret"><p class="secret" data-target></p><p></p></main><p></p>')
  const found = findSelector(target, {}, true) as string
  expect(found).not.toContain('secret')
  expect([...document.querySelectorAll(found)]).toEqual([target])
})

it('names the outermost host of an element in nested shadow trees', () => {
  document.body.innerHTML = '<div id="outer"></div>'
  const outer = (document.querySelector('#outer') as Element).attachShadow({ mode: 'open' })
  outer.innerHTML = '<div></div>'
  const inner = (outer.firstChild as Element).attachShadow({ mode: 'open' })
  inner.innerHTML = '<button></button>'
  expect(findSelector(inner.firstChild as Element)).toBe('#outer')
})

it('gives up at the limit of tries', () => {
  const target = build('<ul><li><b></b></li><li><b data-target></b></li></ul>')
  expect(findSelector(target, { maxNumberOfTries: 1 })).toBeUndefined()
})

it('finds every element of a large list alone', () => {
  document.body.innerHTML = `<ul>${'<li class="row"><a class="link">x</a></li>'.repeat(60)}</ul>`
  for (const link of document.querySelectorAll('a'))
    expect(document.querySelectorAll(findSelector(link) as string)).toHaveLength(1)
})
