/**
 * Turns an address pattern into a test of the whole address, case-sensitive. `*` and `**` stand for any
 * characters including `/`; a `/**` at the end also for nothing; `/**` + `/` for any number of path
 * segments; `?` for one character. Everything else is literal.
 */
export function compileGlob(pattern: string): RegExp {
  const source = pattern.replace(/\/\*\*$|\/\*\*\/|\*+|\?|[\\^$.|+()[\]{}/-]/g, (token) => {
    if (token === '/**') return '(?:/.*)?'
    if (token === '/**/') return '/(?:.*/)?'
    if (token.startsWith('*')) return '.*'
    return token === '?' ? '.' : `\\${token}`
  })
  return new RegExp(`^${source}$`, 's')
}
