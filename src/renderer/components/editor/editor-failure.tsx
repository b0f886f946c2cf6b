import { Component, type ReactNode } from 'react'

/** Shows something plainer when the editor could not be loaded or broke. */
export class EditorFailure extends Component<{ readonly children: ReactNode; readonly fallback: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
