import { useMemo } from 'react'
import type { CheckpointActions } from '../features/checkpoints/actions'
import { errorMessage } from '../lib/error-message'
import { useServices } from '../lib/services'
import { useUiStore } from './ui-context'
import { useOpenEntry } from './use-open-entry'

/** Where the timeline's actions lead in this window. Without a session there is no timeline, and nothing to save. */
export function useCheckpointActions(sessionId: string | null): CheckpointActions {
  const ui = useUiStore()
  const { client, toasts } = useServices()
  const openEntry = useOpenEntry()
  const { go, setDialog } = ui.getState()
  return useMemo(() => ({
    onCompare: (from, to) => sessionId !== null && go({ view: 'timeline', sessionId, from, to }),
    onRestore: (source) => setDialog({ kind: 'restore', source }),
    onBranch: (checkpoint) => setDialog({ kind: 'branch', checkpoint }),
    onSave: () => sessionId !== null && setDialog({ kind: 'save-checkpoint', sessionId }),
    onCompareBranches: (branchId, other) => sessionId !== null && go({ view: 'branches', sessionId, branchId, other }),
    onOpenSession: (id) => go({ view: 'session', sessionId: id }),
    onOpenStep: ({ sessionId: id, runId, stepId }) => {
      const show = async (): Promise<void> => {
        const { entryId, steps } = await client.runs.get({ id: runId })
        const place = steps.find((step) => step.id === stepId)?.entryId ?? entryId
        if (place === null) go({ view: 'session', sessionId: id })
        else await openEntry(id, place)
      }
      show().catch((error: unknown) => toasts.error(`The conversation where it was done cannot be shown. ${errorMessage(error)}`))
    },
  }), [sessionId, go, setDialog, client, toasts, openEntry])
}
