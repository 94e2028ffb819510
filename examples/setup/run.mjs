// Root tasks that work right after cloning: `node examples/setup/run.mjs build|check`.
import { bootstrap, build, must, pnpm, TYPE_CHECK } from './bootstrap.mjs'

const TASKS = {
  build: () => build(),
  async check() {
    await must('npx', ['biome', 'check', '.'])
    await build()
    await pnpm(TYPE_CHECK)
  },
}

const task = TASKS[process.argv[2] ?? '']
if (!task) {
  console.error(`Unknown task "${process.argv[2] ?? ''}". Known: ${Object.keys(TASKS).join(', ')}.`)
  process.exit(2)
}
await bootstrap()
await task()
