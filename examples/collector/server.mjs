import { existsSync } from 'node:fs'

const built = new URL('./dist/server.js', import.meta.url)
if (!existsSync(built)) {
  console.error('The collector is not built yet. Run: npm run build (or npm run demo, in the root folder)')
  process.exit(1)
}
await import(built.href)
