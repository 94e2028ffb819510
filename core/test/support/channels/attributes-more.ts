import { A, ATTRIBUTE, attribute, type Channel, change, H, NEVER, OTHER, S } from './channel.ts'

/** An address with a token in every attribute that takes one. */
const token = (
  name: string,
  template: string,
  attr: string,
  value = (s: string) => `/a?access_token=${s}`,
): Channel => attribute(`token in ${name}`, template, attr, NEVER, value)
const query = (name: string, template: string, attr: string, value = (s: string) => `/a?q=${s}`): Channel =>
  attribute(`query of ${name}`, template, attr, OTHER, value)

/** Addresses in every attribute, in unusual forms, and attributes under unusual names. */
export const MORE_ATTRIBUTES: readonly Channel[] = [
  ...(
    [
      ['a source', '<video><source data-here></video>', 'src'],
      ['a poster', '<video></video>', 'poster'],
      ['a track', '<video><track data-here></video>', 'src'],
      ['an embed', '<embed>', 'src'],
      ['an object', '<object></object>', 'data'],
      ['formaction', '<button></button>', 'formaction'],
      ['cite', '<blockquote>x</blockquote>', 'cite'],
      ['longdesc', '<img>', 'longdesc'],
      ['background', '<table background><td>x</td></table>', 'background'],
      ['ping', '<a href="/x">x</a>', 'ping'],
      ['an area', '<map><area data-here></map>', 'href'],
      ['a preload', '<link rel="preload" as="image">', 'href'],
      ['a canonical link', '<link rel="canonical">', 'href'],
      ['an alternate link', '<link rel="alternate" type="application/rss+xml">', 'href'],
      ['a manifest', '<link rel="manifest">', 'href'],
      ['imagesrcset', '<link rel="preload" as="image">', 'imagesrcset'],
      ['svg a', '<svg><a data-here><text>x</text></a></svg>', 'href'],
      ['svg image', '<svg><image data-here></image></svg>', 'href'],
      ['svg use', '<svg><use data-here></use></svg>', 'href'],
      ['svg feImage', '<svg><filter><feImage data-here></feImage></filter></svg>', 'href'],
      ['an iframe of another site', '<iframe></iframe>', 'src'],
    ] as const
  ).flatMap(([name, template, attr]) => [token(name, template, attr), query(name, template, attr)]),
  token('data-src', '<img>', 'data-src'),
  token('data-url', '<div></div>', 'data-url', (s) => `https://api.test/a?x=1&api_key=${s}`),
  token('an unknown attribute', '<div></div>', 'hx-get', (s) => `/a?token=${s}`),
  token('an attribute of a custom element', '<my-link></my-link>', 'to', (s) => `/a?code=${s}`),
  token('JSON in a data attribute', '<div></div>', 'data-props', (s) =>
    JSON.stringify({ user: { password: s } }),
  ),
  token('a list of sources', '<img>', 'srcset', (s) => `data:image/gif;base64,AAAA 1x, /a.png?token=${s} 2x`),
  token('xlink:href', '<svg><a data-here></a></svg>', 'xlink:href'),
  token('a reference', '<svg><use data-here></use></svg>', 'href', (s) => `/s.svg?token=${s}#icon`),
  token(
    'the fragment of a reference',
    '<svg><use data-here></use></svg>',
    'href',
    (s) => `/s.svg#access_token=${s}`,
  ),

  // Forms of addresses
  token('percent-coded name', '<a>x</a>', 'href', (s) => `/a?%74oken=${s}`),
  token(
    'percent-coded twice',
    '<a>x</a>',
    'href',
    (s) => `/a?next=${encodeURIComponent(encodeURIComponent(`/b?token=${s}`))}`,
  ),
  token('a path', '<a>x</a>', 'href', (s) => `/go/${encodeURIComponent(`https://b.test/?token=${s}`)}`),
  token('a matrix', '<a>x</a>', 'href', (s) => `/a;jsessionid=${s}/b`),
  token('a path pair', '<a>x</a>', 'href', (s) => `/a/token=${s}/b`),
  token('hash route', '<a>x</a>', 'href', (s) => `/#/a/b?token=${s}`),
  token('hash before a query', '<a>x</a>', 'href', (s) => `/#access_token=${s}?x=1`),
  token('hash route with matrix', '<a>x</a>', 'href', (s) => `/#/a;token=${s}`),
  token('JSON', '<a>x</a>', 'href', (s) => `/a?state=${encodeURIComponent(JSON.stringify({ token: s }))}`),
  token('SAML', '<a>x</a>', 'href', (s) => `/a?SAMLResponse=${s}`),
  token('a name in brackets', '<a>x</a>', 'href', (s) => `/a?user[password]=${s}`),
  token('a broken percent sign', '<a>x</a>', 'href', (s) => `/a?x=%&token%=${s}`),
  token(
    'user info of a nested address',
    '<a>x</a>',
    'href',
    (s) => `/a?u=${encodeURIComponent(`https://me:${s}@b.test/`)}`,
  ),
  token('user info behind backslashes', '<form></form>', 'action', (s) => `https:\\\\me:${s}@b.test/`),
  token('user info behind one slash', '<form></form>', 'action', (s) => `https:/me:${s}@b.test/`),
  token('user info after blanks', '<form></form>', 'action', (s) => `  https://me:${s}@b.test/`),
  token('e-mail', '<a>x</a>', 'href', (s) => `/a?x=${s}@example.com`),
  token('coded e-mail', '<a>x</a>', 'href', (s) => `/a?x=${s}%40example.com`),
  token('javascript with a line end', '<form></form>', 'action', (s) => `java\nscript:void('${s}')`),
  token('app address', '<a>x</a>', 'href', (s) => `shop-app://login?code=${s}`),
  query('broken scheme', '<form></form>', 'action', (s) => ` mailto:${s}@example.com`),
  query('a chat address', '<a>x</a>', 'href', (s) => `skype:${s}?call`),
  query('a data page', '<a>x</a>', 'href', (s) => `data:text/html,${s}`),
  query(
    'svg image data',
    '<svg><image data-here></image></svg>',
    'href',
    (s) => `data:image/svg+xml,<svg><text>${s}</text></svg>`,
  ),
  query(
    'use data',
    '<svg><use data-here></use></svg>',
    'href',
    (s) => `data:image/svg+xml,<svg id="a"><text>${s}</text></svg>#a`,
  ),
  query('fragment of a picture', '<svg><image data-here></image></svg>', 'href', (s) => `/a.png#${s}`),
  query(
    'nested query in a path',
    '<a>x</a>',
    'href',
    (s) => `/go/${encodeURIComponent(`https://b.test/?q=${s}`)}`,
  ),

  // Names
  attribute('to of a custom element', '<router-link></router-link>', 'to', OTHER),
  attribute('values of a custom element', '<my-chart></my-chart>', 'values', OTHER),
  attribute('result of an element', '<p>x</p>', 'result', OTHER),
  attribute('display of an element', '<p>x</p>', 'display', OTHER),
  attribute('begin of a custom element', '<my-booking></my-booking>', 'begin', OTHER),
  attribute('data of a custom element', '<my-card></my-card>', 'data', OTHER),
  attribute('profile of an element', '<p>x</p>', 'profile', OTHER),
  attribute('type of a custom element', '<my-card></my-card>', 'type', OTHER),
  attribute('rr_note', '<p>x</p>', 'rr_note', OTHER),
  attribute('_csstext', '<p>x</p>', '_csstext', OTHER),
  attribute('aria-roledescription', '<p>x</p>', 'aria-roledescription', ATTRIBUTE),
  attribute('aria-valuenow', '<p role="slider">x</p>', 'aria-valuenow', OTHER),
  attribute('label of an optgroup', '<select><optgroup data-here></optgroup></select>', 'label', [
    A,
    A,
    H,
    H,
    A,
    H,
  ]),
  attribute('summary of a table', '<table></table>', 'summary', ATTRIBUTE),
  attribute('abbr of a cell', '<table><tr><th data-here></th></tr></table>', 'abbr', ATTRIBUTE),
  attribute('xlink:title', '<svg><a data-here></a></svg>', 'xlink:title', OTHER),
  attribute(
    'encoding of an annotation',
    '<math><annotation data-here></annotation></math>',
    'encoding',
    OTHER,
  ),
  attribute('name of an anchor', '<a>x</a>', 'name', OTHER),
  attribute('value of data', '<data>x</data>', 'value', [A, A, H, H, A, H]),
  attribute('value of param', '<object><param data-here></object>', 'value', [A, A, H, H, A, H]),
  attribute('value of li', '<ol><li data-here>x</li></ol>', 'value', [A, A, H, H, A, H]),
  attribute('datetime', '<time>x</time>', 'datetime', OTHER),
  attribute('download', '<a href="/x">x</a>', 'download', OTHER),
  attribute('onpointerrawupdate', '<p>x</p>', 'onpointerrawupdate', NEVER),
  attribute('nonce', '<p>x</p>', 'nonce', NEVER),
  attribute(
    'content of refresh',
    '<meta http-equiv="refresh">',
    'content',
    NEVER,
    (s) => `9999;url=/a?token=${s}`,
  ),
  attribute('property of a meta', '<meta property="og:title">', 'content', NEVER),
  attribute('e-mail in an id', '<p>x</p>', 'id', [A, A, H, H, A, H], (s) => `user-${s}@example.com`),
  attribute('e-mail in a class', '<p>x</p>', 'class', [A, A, H, H, A, A], (s) => `user-${s}@example.com`),
  attribute('e-mail in for', '<label>x</label>', 'for', [A, A, H, H, A, H], (s) => `user-${s}@example.com`),
  attribute('slot', '<p>x</p>', 'slot', [S, S, S, A, S, H]),
  change(
    'attribute set, then masked',
    '<p>x</p>',
    (p, s) => {
      p.setAttribute('data-x', s)
      p.setAttribute('title', s)
      p.setAttribute('data-amp-mask', '')
    },
    NEVER,
  ),
  change(
    'attribute node',
    '<p>x</p>',
    (p, s) => {
      const attr = document.createAttribute('title')
      attr.value = s
      p.setAttributeNode(attr)
    },
    ATTRIBUTE,
  ),
  change(
    'dataset',
    '<p>x</p>',
    (p, s) => {
      p.dataset.customerName = s
    },
    OTHER,
  ),
  change(
    'toggled',
    '<p>x</p>',
    (p, s) => {
      p.toggleAttribute(`x-y`)
      p.ariaLabel = s
    },
    ATTRIBUTE,
  ),
]
