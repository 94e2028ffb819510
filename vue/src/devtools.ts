import { defineComponent } from 'vue'
import { DevtoolsPanel } from './DevtoolsPanel.ts'
import { isDevelopment } from './development.ts'

/**
 * A panel for development: status, reasons, the steps of `explain()`, the route's decision, uploads, and an overlay that
 * shows what is masked and blocked. A production build renders nothing and drops the code. It is never recorded itself.
 */
export const ReplayDevtools = isDevelopment
  ? DevtoolsPanel
  : /* @__PURE__ */ defineComponent({ name: 'ReplayDevtools', render: () => null })
