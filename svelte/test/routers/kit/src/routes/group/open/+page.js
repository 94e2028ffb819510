export const load = () => ({ replay: null })
