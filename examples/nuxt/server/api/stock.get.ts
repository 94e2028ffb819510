import { setTimeout } from 'node:timers/promises'

export default defineEventHandler(async () => {
  await setTimeout(200)
  return { ferns: 12 }
})
