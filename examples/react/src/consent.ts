const KEY = 'shop-consent'

export type Consent = 'given' | 'refused'

/** What the visitor has answered; null until then. */
export const readConsent = (): Consent | null => localStorage.getItem(KEY) as Consent | null

export const keepConsent = (consent: Consent): void => localStorage.setItem(KEY, consent)
