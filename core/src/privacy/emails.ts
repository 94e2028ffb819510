import { HIDDEN_VALUE } from './secret-names.ts'

const AT = '(?:@|%(?:25)*40)'
const WORD = String.raw`(?:(?!%(?:25)*40)[^\s@/?#&=:;,"'<>()[\]{}])+`
/** The second word is optional, so that one without it is passed over in one step instead of being tried from each letter. */
const WORDS = new RegExp(`${WORD}(?:${AT}(${WORD}))?`, 'gi')

/** `pkg@1.2.3-beta.rc`, `icon@2x.dark.png` */
const VERSION = /^(?:v?\d+(?:\.\d+)+|\d+x\.)/i
const FILE_ENDING =
  /\.(?:min|png|jpe?g|gif|svg|webp|avif|ico|bmp|m?js|css|json|x?html?|php|woff2?|ttf|otf|mp[34]|webm|pdf)(?![a-z\d])/gi
/** Anywhere in what follows the `@`: names of files go on after it. */
const DOMAIN = /[^.]\.(?:\p{L}{2,}|xn--[a-z\d-]+)(?![\p{L}\d])/iu

/** E-mail addresses anywhere in a text, coded or not, with all that is written on to them. */
export function hideEmails(text: string, hide: (email: string) => string = () => HIDDEN_VALUE): string {
  if (!/@|%(?:25)*40/.test(text)) return text
  return text.replace(WORDS, (words, host: string | undefined) =>
    host && !VERSION.test(host) && DOMAIN.test(host.replace(FILE_ENDING, '')) ? hide(words) : words,
  )
}
