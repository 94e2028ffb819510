import {
  A,
  type Channel,
  change,
  FIELD,
  field,
  first,
  H,
  NEVER,
  PLAIN_WORD,
  S,
  shadow,
  text,
} from './channel.ts'

const input = (element: Element): void => {
  element.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
}
const nativeSetter = (element: HTMLInputElement, value: string): void => {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(element, value)
}

/** A password when it is first recorded: what is typed then is hidden by its type, and afterwards by its past. */
function flipped(name: string, template: string, find: (box: HTMLElement) => HTMLElement): Channel {
  return {
    name,
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = template
      const field = find(box) as HTMLInputElement
      if (secret !== PLAIN_WORD) field.value = secret
    },
    alter(box, secret) {
      const field = find(box) as HTMLInputElement
      field.type = 'text'
      field.value = secret
      input(field)
      field.setAttribute('value', secret)
    },
  }
}

/** Fields that say in unusual ways that they are secret, and values that come in unusual ways. */
export const MORE_FIELDS: readonly Channel[] = [
  ...field('dotted field', '<input style="-webkit-text-security: disc">', NEVER),
  ...field('field called password', '<input name="user_password">', NEVER),
  ...field('field that asks for a password', '<input placeholder="Your password">', NEVER),
  ...field('field labelled as password', '<input aria-label="New password">', NEVER),
  ...field('card field by its name', '<input name="cardNumber">', NEVER),
  ...field('card code by its id', '<input id="cvv">', NEVER),
  ...field('upper-case type', '<input type="PASSWORD">', NEVER),
  ...field('upper-case token', '<input autocomplete="SECTION-x BILLING CC-EXP">', NEVER),
  ...field('one-time code with a section', '<input autocomplete="section-2fa one-time-code">', NEVER),
  ...field('card textarea', '<textarea autocomplete="cc-name"></textarea>', NEVER),
  ...field('unknown type', '<input type="whatever">', FIELD),
  ...field('disabled field', '<input disabled>', FIELD),
  ...field('read-only field', '<input readonly>', FIELD),
  change(
    'by the native setter',
    '<input>',
    (e, s) => {
      nativeSetter(e as HTMLInputElement, s)
      input(e)
    },
    FIELD,
  ),
  change(
    'by setRangeText',
    '<input>',
    (e, s) => {
      ;(e as HTMLInputElement).setRangeText(s)
      input(e)
    },
    FIELD,
  ),
  change(
    'by reset',
    '<form><input value="x"></form>',
    (e, s) => {
      const [inner] = e.getElementsByTagName('input')
      inner?.setAttribute('value', s)
      if (inner) inner.value = 'y'
      ;(e as HTMLFormElement).reset()
    },
    FIELD,
  ),
  flipped('empty password made a text', '<input type="password">', (box) => first(box)),
  flipped('password in a shadow tree made a text', '', (box) => {
    const root = shadow(box)
    if (!root.firstChild) root.innerHTML = '<input type="password">'
    return root.firstElementChild as HTMLElement
  }),
  change(
    'dots taken away',
    '<input style="-webkit-text-security: disc" value="x">',
    (e, s) => {
      const field = e as HTMLInputElement
      field.value = s
      field.style.removeProperty('-webkit-text-security')
      field.value = s
      input(field)
    },
    [A, H, H, H, A, H],
  ),
  change(
    'hidden field made a text later',
    '<input type="hidden">',
    (e, s) => {
      ;(e as HTMLInputElement).value = s
    },
    NEVER,
  ),
  change(
    'copied into the placeholder',
    '<input>',
    (e, s) => {
      ;(e as HTMLInputElement).value = s
      e.setAttribute('placeholder', s)
      e.setAttribute('title', s)
      e.setAttribute('data-value', s)
      e.setAttribute('aria-valuetext', s)
    },
    [S, H, H, H, S, H],
  ),
  change(
    'copied beside a growing textarea',
    '<div><textarea></textarea></div>',
    (e, s) => {
      const [area] = e.getElementsByTagName('textarea')
      if (area) area.value = s
      e.setAttribute('data-replicated-value', s)
    },
    [A, H, H, H, A, H],
  ),
  change('textarea by appended text', '<textarea></textarea>', (e, s) => e.append(s), FIELD),
  change(
    'textarea by innerHTML of its parent',
    '<div><textarea>x</textarea></div>',
    (e, s) => {
      e.innerHTML = `<textarea>${s}</textarea>`
    },
    FIELD,
  ),
  change(
    'field in a shadow tree',
    '<div class="host"></div>',
    (_, s, box) => {
      const root = shadow(box)
      root.innerHTML = '<input>'
      const [inner] = root.querySelectorAll('input')
      if (inner) {
        inner.value = s
        input(inner)
      }
    },
    FIELD,
  ),
  change('value of a custom element', '<my-field></my-field>', (e, s) => e.setAttribute('value', s), [
    A,
    H,
    H,
    H,
    A,
    H,
  ]),
  change(
    'value of a custom password',
    '<my-field type="password"></my-field>',
    (e, s) => e.setAttribute('value', s),
    NEVER,
  ),
  ...(['date', 'time', 'month', 'week', 'datetime-local'] as const).map((type) =>
    change(
      `attribute of a ${type} field`,
      `<input type="${type}">`,
      (e, s) => e.setAttribute('value', s),
      FIELD,
    ),
  ),
  change('image field', '<input type="image">', (e, s) => e.setAttribute('value', s), [S, S, H, H, S, H]),
  change('alt of an image field', '<input type="image">', (e, s) => e.setAttribute('alt', s), [
    S,
    S,
    H,
    H,
    A,
    H,
  ]),
  change(
    'file field',
    '<input type="file">',
    (e, s) => {
      const data = new DataTransfer()
      data.items.add(new File(['x'], `${s}.pdf`))
      ;(e as HTMLInputElement).files = data.files
      e.dispatchEvent(new Event('change', { bubbles: true }))
    },
    NEVER,
  ),
  text(
    'several options',
    (s) =>
      `<select multiple><option selected value="a">a</option><option selected value="${s}">b</option></select>`,
    [A, H, H, H, A, H],
  ),
  text('label of an option', (s) => `<select><option label="${s}">x</option></select>`, [A, A, H, H, A, H]),
  text('title of an option', (s) => `<select><option title="${s}" data-x="${s}">x</option></select>`, [
    A,
    A,
    H,
    H,
    A,
    H,
  ]),
  text('text in a datalist', (s) => `<datalist><option>${s}</option><p>${s}</p></datalist>`, [
    A,
    A,
    H,
    H,
    A,
    H,
  ]),
  change(
    'option added later',
    '<select></select>',
    (e, s) => {
      ;(e as HTMLSelectElement).add(new Option(s, s, true, true))
    },
    [A, A, H, H, A, H],
  ),
  change(
    'option text changed',
    '<select><option>x</option></select>',
    (e, s) => {
      ;(e.firstElementChild?.firstChild as Text).data = s
    },
    [A, A, H, H, A, H],
  ),
  change(
    'select by script',
    '<select><option>x</option></select>',
    (e, s) => {
      ;(e as HTMLSelectElement).add(new Option('y', s))
      ;(e as HTMLSelectElement).value = s
      e.dispatchEvent(new Event('change', { bubbles: true }))
    },
    [A, H, H, H, A, H],
  ),
  text('value of a button', (s) => `<button value="${s}">x</button>`, [A, A, H, H, A, H]),
  text('name of a field', (s) => `<input name="${s}">`, [A, A, H, H, A, H]),
  text('list of a field', (s) => `<input list="${s}">`, [A, A, H, H, A, H]),
  text('pattern of a field', (s) => `<input pattern="${s}">`, [A, A, H, H, A, H]),
  change(
    'attribute of a checkbox',
    '<input type="checkbox">',
    (e, s) => {
      e.setAttribute('value', s)
      ;(e as HTMLInputElement).checked = true
      e.dispatchEvent(new Event('change', { bubbles: true }))
    },
    [A, H, H, H, A, H],
  ),
]
