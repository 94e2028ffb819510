export const load = () => new Promise((resolve) => setTimeout(() => resolve({}), 500))
