import type { AttachmentInput } from '#contract/attachments'
import { shownName } from '../../lib/file-path'
import { useServices } from '../../lib/services'
import { useUi } from '../ui-context'

/** Adds a file, or a piece of one, to the message that is being written; null without a session. */
export function useAttach(): ((source: Extract<AttachmentInput, { from: 'workspace' | 'text' }>) => void) | null {
  const { attach, announcer } = useServices()
  const route = useUi((state) => state.route)
  if (route.view !== 'session') return null
  return (source) => void attach(route.sessionId, source).then((added) => {
    if (!added) return
    announcer.say(`Added ${shownName(source.from === 'text' ? source.name : source.path)} to the message`)
    document.querySelector<HTMLElement>('#main [data-pane-start]')?.focus()
  })
}
