// @vitest-environment jsdom
import { describe, expect, test } from 'vitest'
import type { MaskLevel } from '../types.ts'
import { composedAncestors } from './dom.ts'
import { createPrivacy, type Visibility } from './privacy.ts'

const problems: string[] = []

function privacyAt(level: MaskLevel) {
  return createPrivacy({
    config: {
      defaultMaskLevel: level,
      maskSelector: ['.my-mask'],
      unmaskSelector: ['.my-unmask'],
      blockSelector: '.my-block',
    },
    ugcFilterRules: [],
    applyBackgroundColor: false,
    href: () => 'https://shop.test/',
    report: ({ message }) => problems.push(message),
    onMarkersChanged: () => {},
  })
}

const [V, M, B] = ['visible', 'masked', 'blocked'] as const

/** Outcome at light, medium, conservative without markers; then whether an unmask marker above reveals it. */
const ELEMENTS: [
  name: string,
  markup: string,
  levels: [Visibility, Visibility, Visibility],
  canUnmask: boolean,
][] = [
  ['paragraph', '<p>x</p>', [V, V, M], true],
  ['button', '<button>x</button>', [V, V, M], true],
  ['svg text', '<svg><text id="t">x</text></svg>', [V, V, M], true],
  ['contenteditable', '<div contenteditable>x</div>', [V, M, M], true],
  ['not editable', '<div contenteditable="false">x</div>', [V, V, M], true],
  ['role textbox', '<div role="combobox textbox">x</div>', [V, M, M], true],
  ['text field', '<input>', [V, M, M], true],
  ['field of unknown type', '<input type="unknown">', [V, M, M], true],
  ['search', '<input type="search">', [V, M, M], true],
  ['number', '<input type="number">', [V, M, M], true],
  ['date', '<input type="date">', [V, M, M], true],
  ['color', '<input type="color">', [V, M, M], true],
  ['range', '<input type="range">', [V, M, M], true],
  ['textarea', '<textarea></textarea>', [V, M, M], true],
  ['select', '<select></select>', [V, M, M], true],
  ['option', '<select><option id="t">x</option></select>', [V, M, M], true],
  ['email', '<input type="email">', [M, M, M], true],
  ['tel', '<input type="TEL">', [M, M, M], true],
  ['password', '<input type="password">', [M, M, M], false],
  ['upper-case password', '<input type=" PASSWORD ">', [M, M, M], false],
  ['named password', '<input name="user_password">', [M, M, M], false],
  ['was a password', '<input data-rr-is-password="true">', [M, M, M], false],
  ['hidden', '<input type="hidden">', [M, M, M], false],
  ['file', '<input type="file">', [M, M, M], false],
  ['card number', '<input autocomplete="billing cc-number">', [M, M, M], false],
  ['card select', '<select autocomplete="cc-type"></select>', [M, M, M], false],
  [
    'option of a card select',
    '<select autocomplete="cc-type"><option id="t">x</option></select>',
    [M, M, M],
    false,
  ],
  ['one-time code', '<input autocomplete="one-time-code">', [M, M, M], false],
  ['new password', '<textarea autocomplete="new-password"></textarea>', [M, M, M], false],
  ['checkbox', '<input type="checkbox">', [V, M, M], true],
  ['radio', '<input type="radio">', [V, M, M], true],
  ['submit', '<input type="submit">', [V, V, M], true],
  ['reset', '<input type="reset">', [V, V, M], true],
  ['script', '<script type="text/plain">x</script>', [B, B, B], false],
  ['noscript', '<noscript>x</noscript>', [B, B, B], false],
  ['template', '<template></template>', [B, B, B], false],
]

const LEVELS: MaskLevel[] = ['light', 'medium', 'conservative']
const MASKS = ['class="amp-mask"', 'data-amp-mask', 'data-amp-mask="false"', 'class="my-mask"']
const UNMASKS = ['class="amp-unmask"', 'data-amp-unmask', 'class="my-unmask"']
const BLOCKS = ['class="amp-block"', 'data-amp-block', 'class="my-block"', 'data-amp-quarantine']

describe.each(ELEMENTS)('%s', (_name, markup, levels, canUnmask) => {
  const look = (level: MaskLevel, around: (inner: string) => string): Visibility => {
    document.body.innerHTML = around(`<i id="here">${markup}</i>`)
    const node = document.querySelector('#t') ?? document.querySelector('#here')?.firstElementChild
    return privacyAt(level).decide(node as Node)
  }
  const wrap = (attribute: string) => (inner: string) => `<div ${attribute}><b>${inner}</b></div>`
  const never = levels[0] === 'blocked'

  test.each(LEVELS)('by the level %s', (level) => {
    const expected = levels[LEVELS.indexOf(level)]
    expect(look(level, (inner) => inner)).toBe(expected)
    for (const mask of MASKS) {
      const masked = never ? 'blocked' : 'masked'
      expect(look(level, wrap(mask))).toBe(masked)
      for (const unmask of UNMASKS) {
        // Mask wins, whichever is outside.
        expect(look(level, (inner) => wrap(mask)(wrap(unmask)(inner)))).toBe(masked)
        expect(look(level, (inner) => wrap(unmask)(wrap(mask)(inner)))).toBe(masked)
        expect(look(level, wrap(`${mask} data-amp-unmask`))).toBe(masked)
      }
    }
    for (const unmask of UNMASKS) expect(look(level, wrap(unmask))).toBe(canUnmask ? 'visible' : levels[0])
    for (const block of BLOCKS) {
      expect(look(level, wrap(block))).toBe('blocked')
      expect(look(level, (inner) => wrap(block)(wrap('class="amp-unmask"')(inner)))).toBe('blocked')
      expect(look(level, (inner) => wrap('class="amp-mask"')(wrap(block)(inner)))).toBe('blocked')
    }
  })
})

test('markers reach through slots, shadow hosts and nested roots', () => {
  document.body.innerHTML = '<div class="amp-mask"><div id="outer"></div></div>'
  const outer = (document.querySelector('#outer') as Element).attachShadow({ mode: 'open' })
  outer.innerHTML = '<div id="inner"><span id="light">x</span></div>'
  const inner = (outer.querySelector('#inner') as Element).attachShadow({ mode: 'open' })
  inner.innerHTML = '<section><slot></slot></section>'
  const { decide } = privacyAt('light')
  const light = outer.querySelector('#light') as Element
  expect(decide(light)).toBe('masked')
  expect([...composedAncestors(light)].map(({ nodeName }) => nodeName)).toEqual([
    'SLOT',
    'SECTION',
    '#document-fragment',
    'DIV',
    '#document-fragment',
    'DIV',
    'DIV',
    'BODY',
    'HTML',
    '#document',
  ])
})

test('a marker beside the slot does not reach what is slotted, one around it does', () => {
  document.body.innerHTML = '<div id="host"><p>x</p></div>'
  const root = (document.querySelector('#host') as Element).attachShadow({ mode: 'open' })
  const { decide } = privacyAt('light')
  root.innerHTML = '<b class="amp-block">y</b><slot></slot>'
  expect(decide(document.querySelector('p') as Element)).toBe('visible')
  root.innerHTML = '<b class="amp-block"><slot></slot></b>'
  expect(decide(document.querySelector('p') as Element)).toBe('blocked')
})

test('what is in no page is masked', () => {
  const { decide } = privacyAt('light')
  expect(decide(document.createElement('p'))).toBe('masked')
  expect(decide(document.implementation.createHTMLDocument('x').body)).toBe('masked')
})

test('valid settings are accepted without a word', () => {
  expect(problems).toEqual([])
})
