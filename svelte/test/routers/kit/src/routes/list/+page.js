// Slow, so that the page that is left stays on show under the new address.
export const load = () => new Promise((resolve) => setTimeout(() => resolve({}), 60))
