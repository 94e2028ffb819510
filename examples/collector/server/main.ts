import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCollector } from './collector.ts'

const HELP = `Session Replay Kit collector

  node server.mjs [--port 4400] [--host 127.0.0.1] [--data <folder>] [--max-mb 500]

  The same by environment: COLLECTOR_PORT, COLLECTOR_HOST, COLLECTOR_DATA, COLLECTOR_MAX_MB`

// This file runs from dist/: the folders are its neighbours.
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env.COLLECTOR_PORT ?? '4400' },
    host: { type: 'string', default: process.env.COLLECTOR_HOST ?? '127.0.0.1' },
    data: { type: 'string', default: process.env.COLLECTOR_DATA ?? here('../data') },
    'max-mb': { type: 'string', default: process.env.COLLECTOR_MAX_MB ?? '500' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(HELP)
else {
  const port = numberFrom(values.port, '--port')
  try {
    const collector = await startCollector({
      port,
      host: values.host,
      dataDir: values.data,
      maxBytes: numberFrom(values['max-mb'], '--max-mb') * 1_000_000,
      viewerDir: here('./viewer'),
    })
    console.log(`Collector and viewer: ${collector.url}`)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void collector.stop().then(() => process.exit(0)))
    }
  } catch (error) {
    const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    console.error(busy ? `Port ${port} is in use. Choose another: --port ${port + 10}` : error)
    process.exit(1)
  }
}

function numberFrom(text: string, option: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  console.error(`${option}: expected a number, got ${JSON.stringify(text)}`)
  process.exit(1)
}
