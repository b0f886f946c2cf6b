import { wellFormed } from '../../lib/file-path'
import { useServices } from '../../lib/services'
import { useUi } from '../ui-context'

export interface Attachable {
  readonly path: string
  /** From 1; left out for the whole file. */
  readonly lines?: { readonly start: number; readonly end: number }
}

/** Takes a file, or a part of it, along with the message that is being written; what cannot be taken is named in it. Null without a session. */
export function useAttach(): ((item: Attachable) => void) | null {
  const { drafts, attach, announcer } = useServices()
  const route = useUi((state) => state.route)
  if (route.view !== 'session') return null
  const name = ({ path, lines }: Attachable): void => {
    const before = drafts.get(route.sessionId)
    const place = lines === undefined ? '' : lines.start === lines.end ? `:${lines.start}` : `:${lines.start}-${lines.end}`
    drafts.set(route.sessionId, `${before}${before === '' || /\s$/.test(before) ? '' : ' '}@${wellFormed(path)}${place} `)
  }
  return (item) => {
    const { path, lines } = item
    void attach(route.sessionId, { from: 'workspace', path, lines: lines === undefined ? null : { from: lines.start, to: lines.end } }).then((isTaken) => {
      if (!isTaken) name(item)
      announcer.say(`Added ${wellFormed(path)} to the message`)
      document.querySelector<HTMLElement>('#main [data-pane-start]')?.focus()
    })
  }
}
