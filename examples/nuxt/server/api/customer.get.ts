import { setTimeout } from 'node:timers/promises'

/** Stands in for a session and a database. */
export default defineEventHandler(async () => {
  await setTimeout(60)
  return { name: 'Robin Fernandez', email: 'robin@example.com', iban: 'NL00 FERN 0123 4567 89' }
})
