import { wellFormed } from '../../lib/file-path'
import { useServices } from '../../lib/services'
import { useUi } from '../ui-context'

export interface Attachable {
  readonly path: string
  /** From 1; left out for the whole file. */
  readonly lines?: { readonly start: number; readonly end: number }
}

/** Names a file, or a part of it, in the message that is being written; null without a session. */
export function useAttach(): ((item: Attachable) => void) | null {
  const { drafts, announcer } = useServices()
  const route = useUi((state) => state.route)
  if (route.view !== 'session') return null
  return ({ path, lines }) => {
    const before = drafts.get(route.sessionId)
    const place = lines === undefined ? '' : lines.start === lines.end ? `:${lines.start}` : `:${lines.start}-${lines.end}`
    drafts.set(route.sessionId, `${before}${before === '' || /\s$/.test(before) ? '' : ' '}@${wellFormed(path)}${place} `)
    announcer.say(`Added ${wellFormed(path)} to the message`)
    document.querySelector<HTMLElement>('#main [data-pane-start]')?.focus()
  }
}
