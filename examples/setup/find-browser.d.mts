export function findBrowser(): string | undefined
export function findFirefox(): string | undefined
export function findWebKit(): string | undefined
export function findDownloaded(name: 'chromium' | 'firefox' | 'webkit'): string | undefined
export const NO_BROWSER: string
