import { Component, type ReactNode } from 'react'

/**
 * Runs before React changes anything in the document for an update; effects run when some of it is changed. It does not
 * run for the first render.
 */
export class BeforeCommit extends Component<{ run(): void }> {
  override getSnapshotBeforeUpdate(): null {
    this.props.run()
    return null
  }

  // React wants it beside the other.
  override componentDidUpdate(): void {}

  override render(): ReactNode {
    return null
  }
}
