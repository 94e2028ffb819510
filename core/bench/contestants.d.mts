export const CONTESTANTS: { name: string; title: string }[]
