export type Role = 'customer' | 'admin' | 'trainee'

const read = (key: string): string | null => localStorage.getItem(key)

/** Who is here, and what they said about being recorded. Kept in the browser, so that a reload changes nothing. */
class Visitor {
  #role = $state((read('shop-role') ?? 'customer') as Role)
  #consent = $state(read('shop-consent') as 'yes' | 'no' | null)

  get role(): Role {
    return this.#role
  }
  set role(role: Role) {
    this.#role = role
    localStorage.setItem('shop-role', role)
  }

  /** Null until the visitor has answered. */
  get consent(): 'yes' | 'no' | null {
    return this.#consent
  }
  set consent(answer: 'yes' | 'no') {
    this.#consent = answer
    localStorage.setItem('shop-consent', answer)
  }
}

export const visitor = new Visitor()
