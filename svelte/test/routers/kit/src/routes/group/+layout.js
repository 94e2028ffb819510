export const load = () => ({ replay: 'deny' })
