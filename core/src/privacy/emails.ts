import { HIDDEN_VALUE } from './secret-names.ts'

const AT = '(?:@|%(?:25)*40)'
const WORD = String.raw`(?:(?!%(?:25)*40)[^\s@/?#&=:;,"'<>()[\]{}])+`
/** The other words are optional, so that one without them is passed over in one step instead of being tried from each letter. */
const WORDS = new RegExp(`${WORD}(?:${AT}${WORD})*`, 'gi')

/** `pkg@1.2.3-beta.rc`, `icon@2x.dark.png` */
const VERSION = /^(?:v?\d+(?:\.\d+)+|\d+x\.)/i
const FILE_ENDING =
  /\.(?:min|png|jpe?g|gif|svg|webp|avif|ico|bmp|m?js|css|map|json|x?html?|php|woff2?|ttf|otf|mp[34]|webm|pdf)(?![a-z\d])/gi
const CODE_ENDING = /\.(?:m?js|css)(?![a-z\d])/i

/** Anywhere in what follows the `@`: names of files go on after it. Also `.xn--p1ai`. */
const DOMAIN = /[^.]\.\p{L}{2,}(?![\p{L}\d])/u
/** The same before the ending of a file, where `khMYSJZm` and `large` are words of its name. */
const SHORT_DOMAIN = /[^.]\.(?:\p{L}\p{Ll}{1,3}|\p{Lu}{2,4}|\p{Lo}{2,})(?![\p{L}\d])/u
/** Before that of a script or style sheet, whose hash may hold any letters. */
const COUNTRY = /[^.]\.(?:\p{L}{2}|xn--[\w-]+)$/iu
const COMMON_DOMAIN =
  /[^.]\.(?:com|net|org|edu|gov|info|biz|museum|email|online|store|cloud|world|agency|company|group|berlin|hamburg|london)(?![\p{L}\d])/iu

/** E-mail addresses anywhere in a text, coded or not, with all that is written on to them. */
export function hideEmails(text: string, hide: (email: string) => string = () => HIDDEN_VALUE): string {
  if (!/@|%(?:25)*40/.test(text)) return text
  return text.replace(WORDS, (words) => {
    const [, ...hosts] = words.split(/@|%(?:25)*40/)
    return hosts.some(isHost) ? hide(words) : words
  })
}

function isHost(word: string): boolean {
  // A plus ends it: `foo@https+++codeload.github.com` is the folder of a package.
  const [host = ''] = word.split('+', 1)
  if (VERSION.test(host)) return false
  const bare = host.replace(FILE_ENDING, '')
  if (bare === host) return DOMAIN.test(host)
  return COMMON_DOMAIN.test(bare) || (CODE_ENDING.test(host) ? COUNTRY : SHORT_DOMAIN).test(bare)
}
