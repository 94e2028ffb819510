export const load = () => ({ replay: { mask: 'conservative' } })
