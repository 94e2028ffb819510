/**
 * Words that make a query parameter secret: one of the words its name is made of (`access_token`,
 * `apiKey`, `user[email]`), or the end of a name written in one piece (`phpsessid`).
 */
export const SECRET_WORDS: readonly string[] = (
  'token code key apikey password passwd passphrase passcode pass pwd secret email mail phone auth ' +
  'authorization authentication session sessionid sessid sid sig signature jwt otp totp pin nonce credential ' +
  'credentials ticket bearer saml assertion oauth csrf xsrf ssn card cvv cvc iban hmac invite magic'
).split(' ')

/** Long enough to be recognised anywhere in a name that is written in one piece. */
const SECRET_PARTS =
  /token|passw|passphrase|secret|api_?key|access_?key|session_?id|sessid|signature|e-?mail|credential|auth_?code|card_?num/

/**
 * Names that are secret in an address, but in messages mostly mean an error, a key on the keyboard, a session, and before
 * a colon an order or a font.
 */
export const OPEN_NAME = /^(?:session|session[_-]?id|code|key|(?:status|error|exit|key)[_-]?code)$/i

/** Says whether a parameter, header or property of that name holds a secret. */
export function createSecretNames(more: readonly string[] = []): (name: string) => boolean {
  const words = new Set(SECRET_WORDS)
  const exact = new Set(more.map((name) => String(name).toLowerCase()))
  const seen = new Map<string, boolean>()
  const judge = (name: string): boolean => {
    const lower = name.toLowerCase()
    if (exact.has(lower) || SECRET_PARTS.test(lower)) return true
    // `apiKey` and `SAMLResponse` are two words.
    const parts = name.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3 $2').toLowerCase()
    return parts.split(/[^a-z0-9]+/).some((word) => words.has(word) || words.has(word.replace(/s$/, '')))
  }
  return (name) => {
    const known = seen.get(name)
    if (known !== undefined) return known
    const secret = judge(name)
    if (seen.size < 1000) seen.set(name, secret)
    return secret
  }
}

/** Keys of well-known makers. */
const KEYS =
  '(?:sk|rk)_(?:live|test)_\\w{8,}|gh[oprsu]_\\w{20,}|xox[abeoprs]-[\\w-]{10,}|AKIA[A-Z0-9]{12,}|AIza[\\w-]{30,}'
const KNOWN_KEY = new RegExp(`(?:\\b|_)(?:${KEYS})`, 'g')
/**
 * These, or signed tokens. What merely begins like a token is passed over in one step, instead of being tried again from
 * each dash in it.
 */
const KNOWN_SECRET = new RegExp(
  `(?:\\b|_)(?:eyJ[\\w-]{6,}((?:\\.[\\w-]*){4}|(?:\\.[\\w-]*){2})?|${KEYS})`,
  'g',
)

/** They are secret wherever they stand. */
export function hideKnownSecrets(text: string): string {
  return text.replace(KNOWN_SECRET, (found, signed: string | undefined) =>
    /^_?eyJ/.test(found) && !signed ? found.replace(KNOWN_KEY, HIDDEN_VALUE) : HIDDEN_VALUE,
  )
}

export const HIDDEN_VALUE = '***'
