import { setTimeout } from 'node:timers/promises'

export async function load() {
  await setTimeout(200)
  return { ferns: 12 }
}
