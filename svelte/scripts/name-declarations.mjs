// Makes `./Mask.svelte` in declarations `./Mask.svelte.js`. TypeScript finds `Mask.svelte.d.ts` either way, but with
// `moduleResolution: node16` or `nodenext` it takes names with an extension that it knows, and no others.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const dist = new URL('../dist/', import.meta.url)

for (const name of readdirSync(dist, { recursive: true }).filter((path) => path.endsWith('.d.ts'))) {
  const file = new URL(name, dist)
  const text = readFileSync(file, 'utf8')
  const named = text.replace(/((?:from|import\() ?['"]\.[^'"]+\.svelte)(?=['"])/g, '$1.js')
  if (named !== text) writeFileSync(file, named)
}
