// The app under test: one page with the Browser SDK and the recorder as script tags.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const packageOf = (name) => {
  const [, folder] = /^(.*[/\\]analytics-browser)[/\\]/.exec(require.resolve(name)) ?? []
  return folder ?? dirname(require.resolve(`${name}/package.json`))
}
const FILES = {
  '/account': ['text/html', join(import.meta.dirname, 'account.html')],
  '/amplitude.js': [
    'text/javascript',
    join(packageOf('@amplitude/analytics-browser'), 'lib/scripts/amplitude-min.js'),
  ],
  '/session-replay-kit.js': ['text/javascript', require.resolve('@session-replay-kit/core/script')],
}

createServer((request, response) => {
  const [type, path] = FILES[new URL(request.url, 'http://app').pathname] ?? []
  response.writeHead(path ? 200 : 404, { 'Content-Type': `${type ?? 'text/plain'}; charset=utf-8` })
  response.end(path ? readFileSync(path) : 'Not found')
}).listen(Number(process.env.PORT), 'localhost')
