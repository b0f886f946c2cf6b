import type { Session } from '#contract/sessions'
import { useExportSession, useSessionActions } from '../../features/sessions/use-session-actions'
import { useCommands } from '../../lib/commands/use-commands'
import { useUiStore } from '../ui-context'
import { useShowSide } from '../work/use-show-side'

/** What the list of sessions offers for each, for the one that is shown. */
export function useSessionListCommands(shown: Session | null): void {
  const ui = useUiStore()
  const showSide = useShowSide()
  const actions = useSessionActions({ onGone: () => ui.getState().go({ view: 'home' }) })
  const save = useExportSession()
  const living = shown !== null && shown.deletedAt === null ? shown : null
  useCommands({
    'session.search': () => showSide('sessions', '[data-search="sessions"]'),
    'session.pin': living === null ? null : () => actions.pin(living),
    'session.archive': living === null || living.archived ? null : () => actions.archive(living),
    'session.delete': living === null ? null : () => actions.trash(living),
    'session.export-markdown': shown === null ? null : () => save.mutate({ id: shown.id, format: 'markdown' }),
    'session.export-json': shown === null ? null : () => save.mutate({ id: shown.id, format: 'json' }),
  })
}
