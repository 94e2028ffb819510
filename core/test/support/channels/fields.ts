import { A, attribute, type Channel, FIELD, field, first, H, html, NEVER, S, TEXT, text } from './channel.ts'

/** Values of fields and options. */
export const FIELDS: readonly Channel[] = [
  ...field('text field', '<input type="text">', FIELD),
  ...field('field without type', '<input>', FIELD),
  ...field('search field', '<input type="search">', FIELD),
  ...field('url field', '<input type="url">', FIELD),
  ...field('password field', '<input type="password">', NEVER),
  ...field('email field', '<input type="email">', [H, H, H, H, A, H]),
  ...field('tel field', '<input type="tel">', [H, H, H, H, A, H]),
  ...field('hidden field', '<input type="hidden">', NEVER),
  ...field('card field', '<input autocomplete="section-a billing cc-number">', NEVER),
  ...field('one-time code', '<input autocomplete="one-time-code">', NEVER),
  ...field('current password', '<input autocomplete="username current-password">', NEVER),
  ...field('textarea', '<textarea></textarea>', FIELD),
  {
    name: 'textarea child text',
    expect: FIELD,
    plant: html((s) => `<textarea>${s}</textarea>`),
    alter: (box, secret) => {
      first(box).firstChild?.replaceWith(secret)
    },
  },
  {
    name: 'textarea child data',
    expect: FIELD,
    plant: html((s) => `<textarea>${s}</textarea>`),
    alter: (box, secret) => {
      ;(first(box).firstChild as Text).data = secret
    },
  },
  {
    name: 'former password',
    expect: NEVER,
    plant(box, secret) {
      box.innerHTML = '<input type="password" value="x">'
      first<HTMLInputElement>(box).value = secret
    },
    alter(box, secret) {
      first<HTMLInputElement>(box).type = 'text'
      first<HTMLInputElement>(box).value = secret
      first(box).dispatchEvent(new Event('input', { bubbles: true }))
    },
  },
  {
    name: 'value of a select',
    expect: [S, H, H, H, S, H],
    plant: html(
      (s) => `<select><option value="a">a</option><option value="${s}" selected>b</option></select>`,
    ),
  },
  text('option text', (s) => `<select><option>a</option><option>${s}</option></select>`, [A, A, H, H, A, H]),
  text('optgroup label', (s) => `<select><optgroup label="${s}"></optgroup></select>`, [A, A, H, H, A, H]),
  text('datalist', (s) => `<datalist><option value="${s}"></datalist>`, [A, A, H, H, A, H]),
  text(
    'card select',
    (s) => `<select autocomplete="cc-exp"><option value="${s}" selected>x</option></select>`,
    NEVER,
  ),
  text('value of a checkbox', (s) => `<input type="checkbox" value="${s}">`, [A, H, H, H, A, H]),
  text('value of a radio', (s) => `<input type="radio" checked value="${s}">`, [A, H, H, H, A, H]),
  attribute('value of submit', '<input type="submit">', 'value', TEXT),
  attribute('value of button', '<input type="button">', 'value', TEXT),
]
