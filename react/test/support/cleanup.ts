import { afterAll, afterEach } from 'vitest'

afterEach(async () => {
  if (typeof document === 'undefined') return
  const { cleanup } = await import('@testing-library/react')
  cleanup()
})

// A controller ends 50 ms after its last provider: the page must still be there.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 80)))
