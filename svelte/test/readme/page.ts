// src/routes/salaries/+page.ts
export const load = () => ({ replay: 'deny' })
