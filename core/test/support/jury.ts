import type { TestContext } from 'vitest'

/** An `expect` that notes what does not hold and goes on: for a recorder that is measured, not tested. */
export function createJury(expect: TestContext['expect']): {
  expect: TestContext['expect']
  readonly failures: string[]
} {
  const failures: string[] = []

  function judged<Matchers extends object>(matchers: Matchers): Matchers {
    return new Proxy(matchers, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name)
        if (typeof found === 'object' && found !== null) return judged(found)
        if (typeof found !== 'function') return found
        return (...args: unknown[]) => {
          try {
            Reflect.apply(found, target, args)
          } catch (cause) {
            failures.push(String(cause).split('\n', 1)[0] ?? '')
          }
        }
      },
    })
  }

  const judge = (value: unknown, message?: string) => judged(expect(value, message))
  return { expect: Object.assign(judge, { soft: judge }) as unknown as TestContext['expect'], failures }
}
