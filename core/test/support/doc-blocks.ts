import { readFileSync } from 'node:fs'

/** Code blocks of a page by the file name in the comment above each: `<!-- file: server.ts -->`. */
export function namedBlocks(page: string): Record<string, string> {
  const blocks = readFileSync(page, 'utf8').matchAll(/<!-- file: (.+?) -->\n```ts\n([\s\S]*?)```/g)
  return Object.fromEntries([...blocks].map(([, name = '', code = '']) => [name, code]))
}
