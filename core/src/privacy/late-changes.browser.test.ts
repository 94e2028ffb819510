import { afterEach, expect, test, vi } from 'vitest'
import { startCapture } from '../capture/record.ts'
import type { ReplayError } from '../errors.ts'
import { outlineOf } from '../testing/outline.ts'
import type { PrivacyConfig, ReplayEvent } from '../types.ts'
import { createPrivacy } from './privacy.ts'

let end = (): void => {}
afterEach(() => {
  end()
  document.body.innerHTML = ''
  document.body.className = ''
  document.title = 'Test page'
})

function start(markup: string, config: PrivacyConfig = {}, more: { colored?: boolean } = {}) {
  document.body.innerHTML = markup
  const page = { href: 'https://shop.test/' }
  const events: ReplayEvent[] = []
  const problems: ReplayError[] = []
  let asked = 0
  const privacy = createPrivacy({
    config,
    ugcFilterRules: [],
    applyBackgroundColor: more.colored ?? false,
    href: () => page.href,
    report: (problem) => problems.push(problem),
    onMarkersChanged: () => {
      asked += 1
    },
  })
  const capture = startCapture({
    emit: (event) => events.push(structuredClone(event)),
    rewrite: privacy.rewrite,
    blockSelector: privacy.blockSelector,
    settings: { inlineStylesheet: true, inlineImages: false, captureAdoptedStyleSheets: true },
    report: (problem) => problems.push(problem),
  })
  end = () => {
    capture.stop()
    privacy.stop()
  }
  return {
    privacy,
    capture,
    page,
    problems,
    events,
    asked: () => asked,
    text: () => JSON.stringify(events),
    /** What surrounds each secret that got out. */
    leaks: () => JSON.stringify(events).match(/.{0,80}SECRET.{0,20}/g) ?? [],
    of: (source: number) =>
      events.filter(({ type, data }) => type === 3 && (data as { source: number }).source === source),
  }
}

const find = <E extends Element = HTMLElement>(selector: string): E => document.querySelector(selector) as E
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30))

test('a mask counts from the statement on that sets it', async () => {
  const session = start('<main><p title="x">open</p><input type="text"></main>', {
    defaultMaskLevel: 'light',
  })
  find('main').classList.add('amp-mask')
  find<HTMLInputElement>('input').value = 'SECRET-one'
  find('p').title = 'SECRET-two'
  find('p').textContent = 'SECRET-three'
  find('main').insertAdjacentHTML('beforeend', '<b>SECRET-four</b>')
  await settle()
  expect(session.leaks()).toEqual([])
  expect(session.asked()).toBeGreaterThan(0)
  session.capture.takeFullSnapshot()
  expect(session.text().split('open').length).toBe(2)
})

test('what changes after a mask is gone is shown', async () => {
  const session = start('<main class="amp-mask"><p>hidden</p></main>')
  find('main').classList.remove('amp-mask')
  find('p').firstChild?.replaceWith('shown-now')
  await settle()
  expect(session.text()).toContain('shown-now')
  expect(session.asked()).toBeGreaterThan(0)
})

test('nothing below a block is recorded, also if the block came later', async () => {
  const session = start('<main><p>open</p><input><style>.a { color: red }</style></main>', {
    defaultMaskLevel: 'light',
  })
  find('main').setAttribute('data-amp-block', '')
  find('p').textContent = 'SECRET-text'
  ;(find('p').firstChild as Text).data = 'SECRET-data'
  find('p').title = 'SECRET-title'
  find<HTMLInputElement>('input').value = 'SECRET-input'
  find('main').append('SECRET-added')
  find<HTMLStyleElement>('main style').sheet?.insertRule('.SECRET-rule { color: red }')
  await settle()
  expect(session.leaks()).toEqual([])
  expect(session.asked()).toBeGreaterThan(0)
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('rr_width')
  expect(session.leaks()).toEqual([])
})

test('a class that makes a configured block selector match is noticed', async () => {
  const session = start('<main class="card"><p>open</p></main>', {
    blockSelector: '.wall .card, .card.private',
  })
  find('main').classList.add('wide')
  await settle()
  expect(session.asked()).toBe(0)
  find('main').classList.add('private')
  find('p').textContent = 'SECRET'
  await settle()
  expect(session.asked()).toBe(1)
  expect(session.leaks()).toEqual([])
})

test('a marker inside a shadow tree is noticed', async () => {
  const session = start('<div id="host"></div>')
  const root = find('#host').attachShadow({ mode: 'open' })
  root.innerHTML = '<p>open</p>'
  await settle()
  root.firstElementChild?.classList.add('amp-mask')
  ;(root.firstElementChild?.firstChild as Text).data = 'SECRET'
  await settle()
  expect(session.asked()).toBe(1)
  expect(session.leaks()).toEqual([])
})

test('a node that moves below a mask is masked there', async () => {
  const session = start('<main class="amp-mask"></main><p>one</p>')
  const p = find('p')
  find('main').append(p)
  p.insertAdjacentHTML('beforeend', '<b>SECRET</b>')
  await settle()
  expect(session.leaks()).toEqual([])
})

test('the address decides at the moment of the event', async () => {
  const session = start('<main></main>', {
    urlMaskLevels: [{ match: '*/account/**', maskLevel: 'conservative' }],
  })
  session.page.href = 'https://shop.test/account/jane?x=1'
  find('main').innerHTML = '<p>SECRET</p>'
  await settle()
  expect(session.leaks()).toEqual([])
  expect(session.asked()).toBe(1)
  expect(session.privacy.sanitizeUrl(session.page.href)).toBe('https://shop.test/account/jane')
  session.page.href = 'https://shop.test/'
  find('main').innerHTML = '<p>shown-again</p>'
  await settle()
  expect(session.text()).toContain('shown-again')
  expect(session.asked()).toBe(2)
})

test('a level from outside tightens and never loosens', async () => {
  const session = start('<main></main>', { defaultMaskLevel: 'medium' })
  session.privacy.setLevel('light')
  expect(session.privacy.level()).toBe('medium')
  expect(session.asked()).toBe(0)
  session.privacy.setLevel('conservative')
  expect(session.asked()).toBe(1)
  find('main').innerHTML = '<p>SECRET</p>'
  await settle()
  expect(session.leaks()).toEqual([])
  session.privacy.setLevel(null)
  expect(session.privacy.level()).toBe('medium')
})

test('a password stays one after it is revealed, also for markers and for a new recording', async () => {
  const first = start(
    '<div class="amp-unmask"><input type="password" class="amp-unmask" value="SECRET-a"></div>',
    {
      defaultMaskLevel: 'light',
    },
  )
  const input = find<HTMLInputElement>('input')
  input.type = 'text'
  input.value = 'SECRET-b'
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.setAttribute('value', 'SECRET-c')
  await settle()
  expect(first.leaks()).toEqual([])
  end()
  const kept = document.body.firstElementChild as Element
  input.removeAttribute('data-rr-is-password')
  const second = start('', { defaultMaskLevel: 'light' })
  document.body.append(kept)
  await settle()
  expect(second.leaks()).toEqual([])
})

test('a field that becomes a password hides what it showed', async () => {
  const session = start('<input type="text" value="was-shown">', { defaultMaskLevel: 'light' })
  find<HTMLInputElement>('input').type = 'password'
  await settle()
  const [change] = session.of(0)
  expect(change?.data).toMatchObject({
    attributes: [{ attributes: { type: 'password', value: '********' } }],
  })
})

test('the pointer in a masked area is told as the middle of the area', async () => {
  const session = start(
    '<div class="amp-mask" style="position:fixed;left:100px;top:100px;width:80px;height:60px"><button>1</button><button>2</button></div><p>x</p>',
  )
  const area = session.capture.mirror.getId(find('.amp-mask'))
  const point = { clientX: 111, clientY: 113, bubbles: true }
  find('button').dispatchEvent(new MouseEvent('click', point))
  find('button').dispatchEvent(new MouseEvent('mousemove', point))
  find('button').dispatchEvent(new FocusEvent('focus'))
  find('p').dispatchEvent(new MouseEvent('click', { clientX: 7, clientY: 9, bubbles: true }))
  // Positions of the pointer are told twice a second.
  await vi.waitFor(() => expect(session.of(1)).not.toEqual([]), 5_000)
  const clicks = session.of(2).map(({ data }) => data as { id: number; x: number; y: number; type: number })
  expect(clicks).toMatchObject([
    { id: area, x: 140, y: 130 },
    { id: session.capture.mirror.getId(find('p')), x: 7, y: 9 },
  ])
  for (const { data } of session.of(1)) {
    expect((data as { positions: unknown[] }).positions).toMatchObject([{ id: area, x: 140, y: 130 }])
  }
})

test('a selection that touches masked text is not told', async () => {
  const session = start('<p class="amp-mask">one two</p><p id="open">three four</p>')
  getSelection()?.setBaseAndExtent(
    find('.amp-mask').firstChild as Text,
    1,
    find('.amp-mask').firstChild as Text,
    3,
  )
  await settle()
  expect(session.text()).not.toContain('startOffset')
  getSelection()?.setBaseAndExtent(find('#open').firstChild as Text, 1, find('#open').firstChild as Text, 3)
  await settle()
  expect(session.text()).toContain('"startOffset":1')
  getSelection()?.removeAllRanges()
})

test('checked states are told up to medium', async () => {
  const open = start('<input type="checkbox" checked value="SECRET">', { defaultMaskLevel: 'medium' })
  find<HTMLInputElement>('input').click()
  await settle()
  expect(open.text()).toContain('"checked":true')
  expect(open.of(5)).toHaveLength(1)
  expect(open.leaks()).toEqual([])
  end()
  const strict = start('<input type="checkbox" checked>', { defaultMaskLevel: 'conservative' })
  find<HTMLInputElement>('input').click()
  await settle()
  expect(strict.text()).not.toContain('checked":true')
  expect(strict.of(5)).toHaveLength(0)
})

test('an invalid mask selector masks the page and says which one it is', async () => {
  const session = start('<p>SECRET</p><p class="amp-unmask" title="SECRET">SECRET</p><b class="ok">x</b>', {
    defaultMaskLevel: 'light',
    maskSelector: ['.ok', 'p:bad('],
  })
  await settle()
  expect(session.leaks()).toEqual([])
  expect(session.problems).toMatchObject([
    { code: 'BAD_SELECTOR', message: expect.stringContaining('p:bad(') },
  ])
})

test('an invalid block selector leaves the valid ones working', () => {
  const session = start('<p class="wall">SECRET</p><p class="next">x</p>', {
    blockSelector: ['.wall', '[x="', '..'],
  })
  expect(session.leaks()).toEqual([])
  expect(session.text()).toContain('rr_width')
  expect(session.problems).toHaveLength(2)
})

test('an invalid unmask selector is left out', () => {
  const session = start('<p class="a">shown</p>', {
    defaultMaskLevel: 'conservative',
    unmaskSelector: ['??', '.a'],
  })
  expect(session.text()).toContain('shown')
  expect(session.problems).toHaveLength(1)
})

test('an unknown level is the strictest one', () => {
  const session = start('<p>SECRET</p>', { defaultMaskLevel: 'none' as never })
  expect(session.leaks()).toEqual([])
  expect(session.problems).toMatchObject([{ code: 'BAD_OPTION', message: expect.stringContaining('"none"') }])
})

test('a level in the markup tightens what is below it', async () => {
  const session = start(
    '<main data-amp-mask="medium"><p>shown</p><input value="SECRET"><div class="amp-unmask"><input value="SECRET"></div></main>' +
      '<section data-amp-mask="conservative"><p class="amp-unmask">SECRET</p></section><div data-amp-mask="false">SECRET</div>',
    { defaultMaskLevel: 'light' },
  )
  expect(session.text()).toContain('shown')
  expect(session.leaks()).toEqual([])
})

test('maskAttributes follow the field on fields and the text elsewhere', async () => {
  const session = start(
    '<input placeholder="SECRET" title="shown-a"><p data-note="shown-b">x</p><section class="amp-mask"><p data-note="SECRET">x</p></section>',
    { maskAttributes: ['placeholder', 'data-note'] },
  )
  find('input').setAttribute('placeholder', 'SECRET')
  find('section').insertAdjacentHTML('beforeend', '<i data-note="SECRET"></i>')
  await settle()
  expect(session.leaks()).toEqual([])
  expect(session.text()).toContain('shown-a')
  expect(session.text()).toContain('shown-b')
})

test('a form whose fields are named like its properties is read correctly', async () => {
  const session = start(
    '<div class="amp-mask"><form><input name="parentNode"><input name="matches"><input name="getAttribute"><p>SECRET</p></form></div>',
  )
  find('p').firstChild?.replaceWith('SECRET')
  await settle()
  expect(session.leaks()).toEqual([])
})

test('a value that a widget repeats in other attributes of its field is hidden with it', async () => {
  const session = start('<input value="SECRET">')
  const input = find<HTMLInputElement>('input')
  input.placeholder = 'You chose SECRET'
  input.setAttribute('data-value', 'SECRET')
  await settle()
  expect(session.leaks()).toEqual([])
})

test('blocked boxes keep class and size, with colour if wished', () => {
  const session = start(
    '<p class="amp-block card" id="x" title="SECRET" style="width:50px;height:20px">SECRET</p>',
    {},
    { colored: true },
  )
  expect(session.leaks()).toEqual([])
  expect(session.text()).toContain(
    '{"class":"amp-block card","rr_width":"50px","rr_height":"20px","rr_background_color":"lightgrey","style":"background-color: lightgrey"}',
  )
})

test.each(['data-amp-block', 'data-amp-quarantine'])('what %s leaves out says so in the replay', (mark) => {
  const session = start(`<main ${mark} class="checkout">SECRET</main>`, {})
  expect(session.leaks()).toEqual([])
  expect(session.text()).toMatch(/"class":"checkout","rr_width":"[^}]*"data-amp-block":""}/)
  expect(outlineOf(document).map((line) => line.trim())).toContain('MAIN blocked')
})

test('titles follow the page and the markers on its body', () => {
  document.title = 'SECRET title'
  const session = start('<p>x</p>')
  expect(session.text()).toContain('SECRET title')
  expect(session.privacy.maskTitle('SECRET title')).toBe('SECRET title')
  end()
  document.body.className = 'amp-mask'
  const masked = start('<p>x</p>')
  expect(masked.leaks()).toEqual([])
  expect(masked.privacy.maskTitle('SECRET title')).toBe('****** *****')
})

test('a title that is left of a restricted page is in nothing, when it is written anew as well', async () => {
  document.title = 'SECRET title'
  document.querySelector('title')?.setAttribute('data-amp-quarantine', '')
  const session = start('<p>x</p>')
  expect(session.privacy.maskTitle('SECRET title')).toBe('****** *****')
  document.title = 'SECRET again'
  await settle()
  expect(session.leaks()).toEqual([])
  document.querySelector('title')?.removeAttribute('data-amp-quarantine')
})

test('custom events and plugins lose secrets; their titles and addresses follow the level', () => {
  const session = start('', { defaultMaskLevel: 'conservative' })
  session.capture.addPluginEvent('amplitude/url-tracking@1', {
    href: 'https://a.test/x?q=SECRET',
    title: 'SECRET',
  })
  session.capture.addPluginEvent('rrweb/console@1', { level: 'log', payload: ['SECRET'], trace: ['SECRET'] })
  session.capture.addCustomEvent('mine', { password: 'SECRET', url: 'https://a.test/?token=SECRET' })
  expect(session.leaks()).toEqual([])
  expect(session.text()).toContain('https://a.test/x')
})

test('the rule behind a decision can be told', () => {
  const { privacy } = start(
    '<div class="amp-block"><p id="a">x</p></div><div data-amp-mask><b id="b">x</b></div><i id="c">x</i><input id="d" type="password">',
    { defaultMaskLevel: 'medium' },
  )
  expect(privacy.explainNode(find('#a'))).toEqual({
    visibility: 'blocked',
    rule: 'block: .amp-block on <div>',
  })
  expect(privacy.explainNode(find('#b'))).toEqual({
    visibility: 'masked',
    rule: 'mask: [data-amp-mask] on <div>',
  })
  expect(privacy.explainNode(find('#c'))).toEqual({
    visibility: 'visible',
    rule: 'level: medium (defaultMaskLevel)',
  })
  expect(privacy.explainNode(find('#d'))).toMatchObject({
    visibility: 'masked',
    rule: expect.stringContaining('secret'),
  })
  expect(privacy.decide(document.createElement('p'))).toBe('masked')
})

test('events of a foreign frame pass unless the frame is masked or blocked', () => {
  const { privacy, capture } = start(
    '<iframe id="open"></iframe><iframe id="shut" class="amp-mask"></iframe>',
  )
  const event = (): ReplayEvent => ({
    type: 3,
    timestamp: 1,
    data: { source: 5, id: 9999, text: 'x', isChecked: false },
  })
  expect(privacy.rewrite(event(), capture.mirror, { foreign: true, frame: find('#open') })).not.toBeNull()
  expect(privacy.rewrite(event(), capture.mirror, { foreign: true, frame: find('#shut') })).toBeNull()
  expect(privacy.rewrite(event(), capture.mirror, { foreign: true })).toBeNull()
})

test('where the pointer was in a masked area is not told once the mask is gone', async () => {
  const session = start('<main class="amp-mask"><button>1</button></main><p>x</p>')
  const move = (selector: string, x: number, y: number): void => {
    find(selector).dispatchEvent(new MouseEvent('mousemove', { clientX: x, clientY: y, bubbles: true }))
  }
  // The first is told at once, what follows half a second later.
  move('p', 1, 2)
  await new Promise((resolve) => setTimeout(resolve, 60))
  move('button', 111, 113)
  find('main').classList.remove('amp-mask')
  await new Promise((resolve) => setTimeout(resolve, 60))
  move('p', 3, 4)
  const path = (): number[] =>
    session.of(1).flatMap(({ data }) => (data as { positions: { x: number }[] }).positions.map(({ x }) => x))
  await vi.waitFor(() => expect(path()).toContain(3), 5000)
  expect(path()).toContain(1)
  expect(path()).not.toContain(111)
})

test('sheets of trees inside a block are not recorded, whatever is done to them later', async () => {
  const session = start('<main data-amp-block><div></div></main>', { defaultMaskLevel: 'light' })
  const root = find('main div').attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  root.adoptedStyleSheets = [sheet]
  sheet.replaceSync('.SECRET-rule { color: red }')
  sheet.insertRule('.SECRET-inserted { color: red }')
  await settle()
  expect(session.leaks()).toEqual([])
})

test('an empty password field is remembered too', async () => {
  const session = start('<input type="password">', { defaultMaskLevel: 'light' })
  const field = find<HTMLInputElement>('input')
  field.type = 'text'
  field.value = 'SECRET'
  await settle()
  field.setAttribute('value', 'SECRET')
  await settle()
  expect(session.leaks()).toEqual([])
})

test('a form whose fields are called like its own properties is recorded with what changes around it', async () => {
  const session = start('<main></main>')
  find('main').innerHTML = '<form><input name="childNodes"><input name="parentNode"><p>inside</p></form>'
  await settle()
  find('form').remove()
  find('main').append('shown-after')
  await settle()
  expect(session.text()).toContain('inside')
  expect(session.text()).toContain('shown-after')
  expect(session.problems).toEqual([])
})

test.each([
  ['beside a textarea that grows', '<div><textarea></textarea></div>', 'div', 'data-replicated-value'],
  ['in a field', '<input>', 'input', 'data-value'],
])('what is typed is not told by a copy of it %s, key for key or late', async (_, markup, copy, name) => {
  const session = start(`<main>${markup}${'<i>x</i>'.repeat(300)}</main>`)
  const field = find<HTMLInputElement>('textarea, input')
  const moving = [...document.querySelectorAll('i')]
  for (let length = 1; length <= 12; length++) {
    for (const one of moving) one.style.left = `${length}px`
    field.value = 'SECRET-typed'.slice(0, length)
    field.dispatchEvent(new InputEvent('input', { bubbles: true }))
    await Promise.resolve()
    find(copy).setAttribute(name, field.value)
    // The copy is of the key before, and what waits is told now.
    if (length % 2 === 0) find(copy).setAttribute(name, field.value.slice(0, -1))
    await Promise.resolve()
  }
  await settle()
  session.capture.tellChanges()
  expect(session.text()).toContain(name)
  expect(session.text()).not.toContain('SEC')
})

test('a copy of what was typed stays hidden when the field is changed, and when it is empty', async () => {
  const session = start('<main><div><textarea></textarea></div><input></main>')
  for (const [copy, field] of [
    [find('div'), find<HTMLTextAreaElement>('textarea')] as const,
    [find('input'), find<HTMLInputElement>('input')] as const,
  ]) {
    field.value = 'SECRET-one'
    copy.setAttribute('data-copy', 'SECRET-one')
    await settle()
    field.value = 'mySECRET'
    copy.setAttribute('data-copy', 'my SECRET-one')
    await settle()
    field.value = ''
    session.capture.takeFullSnapshot()
  }
  expect(session.text()).toContain('data-copy')
  expect(session.leaks()).toEqual([])
})

test.each<[string, string, (secret: string) => void]>([
  [
    'further out, around the field that has the focus',
    '<section><label><b><input></b></label></section>',
    (secret) => {
      const input = find<HTMLInputElement>('input')
      input.focus()
      input.value = secret
      find('section').setAttribute('data-search-query-value', secret)
    },
  ],
  [
    'in other letters',
    '<div><input></div>',
    (secret) => {
      find<HTMLInputElement>('input').value = secret.toLowerCase()
      find('div').setAttribute('data-copy', secret)
    },
  ],
  [
    'of a choice',
    '<select><option value="x">other</option></select>',
    (secret) => {
      find('option').textContent = secret
      find('select').title = `Chosen: ${secret}`
    },
  ],
  [
    'in an editable element',
    '<p contenteditable="true">x</p>',
    (secret) => {
      find('p').textContent = secret
      find('p').setAttribute('data-text', secret)
    },
  ],
  [
    'in a custom element that reflects its value',
    '<x-field type="password"></x-field>',
    (secret) => find('x-field').setAttribute('current-value', secret),
  ],
  [
    'in a wrapper whose field is taken away',
    '<div><textarea></textarea></div>',
    (secret) => {
      find<HTMLTextAreaElement>('textarea').value = secret
      find('div').setAttribute('data-replicated-value', secret)
      queueMicrotask(() => find('textarea').remove())
    },
  ],
  [
    'in the style of a wrapper',
    '<div><textarea></textarea></div>',
    (secret) => {
      find<HTMLTextAreaElement>('textarea').value = secret
      find('div').style.setProperty('--text', JSON.stringify(secret))
      find('div').style.setProperty('--words', secret)
    },
  ],
  [
    'in the style of the field',
    '<input style="--text: none">',
    (secret) => {
      find<HTMLInputElement>('input').value = secret
      find('input').style.setProperty('--text', `"${secret}"`)
    },
  ],
  [
    'in the value of another element',
    '<div><input></div>',
    (secret) => {
      find<HTMLInputElement>('input').value = secret
      find('div').setAttribute('value', secret)
    },
  ],
  [
    'in the address of its form',
    '<form><input></form>',
    (secret) => {
      find<HTMLInputElement>('input').value = `${secret} & more`
      find('form').setAttribute('action', `/find?${new URLSearchParams({ q: `${secret} & more` })}`)
    },
  ],
])('a copy of what is typed is hidden %s', async (_, markup, type) => {
  const session = start(`<main>${markup}</main>`)
  type('SECRET-typed')
  await settle()
  session.capture.takeFullSnapshot()
  expect(session.leaks()).toEqual([])
})

test('the number of a spin button is hidden as its field is', async () => {
  const session = start('<main><input role="spinbutton"></main>')
  const input = find<HTMLInputElement>('input')
  input.value = '$ 4,711'
  input.setAttribute('aria-valuenow', '4711')
  await settle()
  expect(session.text()).toContain('aria-valuenow')
  expect(session.text()).not.toContain('4711')
})

test('a state that is like the beginning of what is typed is shown again', async () => {
  const session = start('<main><div data-state="closed"><input></div></main>')
  const input = find<HTMLInputElement>('input')
  input.value = 'opening hours'
  find('div').dataset.state = 'open'
  await settle()
  input.value = 'opening hours of the shop'
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('"data-state":"open"')
})

test.each([
  '<svg><rect fill="url(/p.svg?token=SECRET#g)"/></svg>',
  '<svg><rect fill="u\\72l(/p.svg?token=SECRET#g)"/></svg>',
  '<svg><g filter="url(&quot;/p.svg?token=SECRET#g&quot;)"/></svg>',
  '<svg><path marker-end="url(//me:SECRET@a.test/p.svg#g)"/></svg>',
  '<svg><image><set attributeName="href" to="/x?token=SECRET"/></image></svg>',
  '<svg><image><animate attributeName="href" values="/a?page=1;/x?token=SECRET;/b?page=2"/></image></svg>',
])('secrets in the addresses of a drawing are hidden: %s', async (markup) => {
  const session = start(`<main>${markup}</main>`)
  find('main').innerHTML += ' '
  await settle()
  expect(session.leaks()).toEqual([])
})

test.each(['medium', 'conservative'] as const)(
  'a drawing keeps its references and measures at %s',
  (level) => {
    const values = ['url(#g) red', 'url(/p.svg#g)', 'M0 0 L1 1', '0 0;1 1', '/a;/b', 'rotate(45 1 1)']
    const [fill, mask, d, values1, values2, transform] = values
    const session = start(
      `<svg><path fill="${fill}" mask="${mask}" d="${d}" transform="${transform}"><animate values="${values1}"/><set values="${values2}"/></path></svg>`,
      { defaultMaskLevel: level },
    )
    for (const value of values) expect(session.text()).toContain(`"${value}"`)
  },
)

test.each<[string, (editor: HTMLElement) => void]>([
  ['is switched off', (editor) => editor.setAttribute('contenteditable', 'false')],
  ['is taken away', (editor) => editor.removeAttribute('contenteditable')],
])('what was typed into an element stays hidden when editing %s', async (_, endEditing) => {
  const session = start(
    '<main><p contenteditable="true">x</p><i contenteditable="true">shown-after</i></main>',
  )
  const editor = find('p')
  editor.textContent = 'SECRET-typed'
  editor.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  for (const element of [editor, find('i')]) endEditing(element)
  await settle()
  session.capture.takeFullSnapshot()
  expect(session.leaks()).toEqual([])
  expect(session.text()).toContain('shown-after')
})

test('typing is noticed in a shadow tree, and not after the end', async () => {
  const session = start('<div id="host"></div><b contenteditable="true">SECRET-late</b>')
  const root = find('#host').attachShadow({ mode: 'open' })
  root.innerHTML = '<p contenteditable="true">SECRET-inner</p>'
  await settle()
  const editor = root.firstElementChild as HTMLElement
  editor.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  editor.contentEditable = 'false'
  await settle()
  session.capture.takeFullSnapshot()
  expect(session.leaks()).toEqual([])
  end()
  const late = find('b')
  late.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  late.contentEditable = 'false'
  const second = start('')
  document.body.append(late)
  await settle()
  expect(second.leaks()).not.toEqual([])
})

test.each(['4711', '47.11%', '4711px'])(
  'the number %s of a slider is hidden in styles as in its field',
  async (number) => {
    const session = start(
      '<main style="--size: 4711px"><div style="--gap: 4px"><input type="range" max="9999" step="any"></div></main>',
    )
    const input = find<HTMLInputElement>('input')
    input.value = String(Number.parseFloat(number))
    for (const element of [input, find('div')]) element.style.setProperty('--value', number)
    await settle()
    expect(session.of(0).length).toBeGreaterThan(0)
    expect(JSON.stringify(session.of(0))).not.toMatch(/47\.?11/)
    session.capture.takeFullSnapshot()
    expect(session.text()).toContain('--size: 4711px')
    expect(session.text().replaceAll('--size: 4711px', '')).not.toMatch(/47\.?11/)
    expect(session.text()).toContain('--gap: 4px')
  },
)

test.each([
  'background-image: url("/qr?text=SECRET%20typed")',
  'background-image: url(/qr/SECRET+typed.png)',
  'background: red url(/qr/secret%2520typed.png)',
  'background-image: image-set("/qr/SECRET%20typed.png" 1x)',
  '--picture: url("/qr?text=SECRET typed")',
])('typed text in an address of a style near its field is hidden: %s', async (style) => {
  const session = start('<main><div><input></div><p style="background: url(/shown.png?size=2)">x</p></main>')
  const input = find<HTMLInputElement>('input')
  const box = find('div')
  input.value = 'SECRET typed'
  box.setAttribute('style', style)
  await settle()
  input.setAttribute('style', 'color: red')
  await settle()
  const [property, value] = style.split(/: (.*)/) as [string, string]
  input.style.setProperty(property, value)
  await settle()
  session.capture.takeFullSnapshot()
  input.value = ''
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('background')
  expect(session.text()).not.toMatch(/secret/i)
  expect(session.text()).toContain('/shown.png?size=2')
})

test('a picture in a style near a field stays while it does not repeat what is typed', async () => {
  const session = start('<main><div><input></div></main>')
  find<HTMLInputElement>('input').value = 'SECRET typed'
  find('div').style.background = 'url("/arrow.png") red'
  await settle()
  expect(session.text()).toContain('/arrow.png')
})

test('styles without custom properties, and away from fields, are recorded as they are', async () => {
  const session = start('<main><div><input></div><p style="--who: shown-word; --rows: 12">x</p></main>')
  find('div').style.width = '47%'
  await settle()
  expect(session.text()).toContain('47%')
  expect(session.text()).toContain('--who: shown-word; --rows: 12')
})

const LIT = '<label><b><input></b></label>'

test.each<[string, string, string, string]>([
  ['a host that reflects the value', '<x-field></x-field>', '<input>', 'x-field'],
  ['a host, the field deeper inside', '<x-field></x-field>', LIT, 'x-field'],
  ['an element inside the tree', '<x-field></x-field>', LIT, 'label'],
  ['a form around the host', '<form><p><x-field></x-field></p></form>', LIT, 'form'],
  [
    'an element around the slot',
    '<x-field><input></x-field>',
    '<label><b><slot></slot></b></label>',
    'label',
  ],
])('a copy of what is typed is hidden across shadow trees: %s', async (_, markup, inside, copy) => {
  const session = start(`<main>${markup}</main>`)
  const root = find('x-field').attachShadow({ mode: 'open' })
  root.innerHTML = inside
  await settle()
  const anywhere = <E extends Element>(selector: string) =>
    (root.querySelector(selector) ?? document.querySelector(selector)) as E
  const input = anywhere<HTMLInputElement>('input')
  input.focus()
  input.value = 'SECRET-typed'
  anywhere(copy).setAttribute('data-query', 'SECRET-typed')
  await settle()
  session.capture.takeFullSnapshot()
  input.blur()
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('data-query')
  expect(session.leaks()).toEqual([])
})

test('a copy further out stays hidden when the focus is gone, as long as it says the same', async () => {
  const session = start('<section><label><b><input></b></label></section><input id="next">')
  const input = find<HTMLInputElement>('input')
  input.focus()
  input.value = 'SECRET-typed'
  find('section').dataset.query = 'SECRET-typed'
  await settle()
  find('#next').focus()
  session.capture.takeFullSnapshot()
  input.value = ''
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('data-query')
  expect(session.leaks()).toEqual([])
  find('section').dataset.query = 'shown-now'
  await settle()
  expect(session.text()).toContain('shown-now')
})

test('copies of fields that are filled in together are hidden, though one has the focus', async () => {
  const field = '<section><p><b><input></b></p></section>'
  const session = start(`<main>${field.repeat(12)}</main>`)
  for (const section of document.querySelectorAll('section')) {
    const input = section.querySelector('input') as HTMLInputElement
    input.value = 'SECRET-typed'
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    section.dataset.value = 'SECRET-typed'
  }
  await settle()
  session.capture.takeFullSnapshot()
  expect(session.text()).toContain('data-value')
  expect(session.leaks()).toEqual([])
})
