// `npm run version`: turns changesets into versions and changelogs, and tells the recorder its version.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
execFileSync('npx', ['--yes', '@changesets/cli@2.31.1', 'version'], { cwd: ROOT, stdio: 'inherit' })

const { version } = JSON.parse(readFileSync(join(ROOT, 'core/package.json'), 'utf8'))
const file = join(ROOT, 'core/src/version.ts')
writeFileSync(file, readFileSync(file, 'utf8').replace(/VERSION = '[^']*'/, `VERSION = '${version}'`))
