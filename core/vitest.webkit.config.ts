import { driverProvider } from './test/support/engines/provider.ts'
import { engineProject } from './vitest.engine.ts'

export default engineProject({ name: 'core-webkit', browser: 'webkit', provider: driverProvider('webkit') })
