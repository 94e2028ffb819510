import { setTimeout } from 'node:timers/promises'
import { connection } from 'next/server'

export default async function Stock() {
  await connection()
  await setTimeout(200)
  return (
    <main>
      <h1>Stock</h1>
      <p>{new Date().getMinutes()} ferns are left.</p>
    </main>
  )
}
