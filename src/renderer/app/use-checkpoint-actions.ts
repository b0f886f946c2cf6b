import { useMemo } from 'react'
import type { CheckpointActions } from '../features/checkpoints/actions'
import { useUiStore } from './ui-context'

/** Where the timeline's actions lead in this window. Without a session there is no timeline, and nothing to save. */
export function useCheckpointActions(sessionId: string | null): CheckpointActions {
  const ui = useUiStore()
  const { go, setDialog } = ui.getState()
  return useMemo(() => ({
    onCompare: (from, to) => sessionId !== null && go({ view: 'timeline', sessionId, from, to }),
    onRestore: (source) => setDialog({ kind: 'restore', source }),
    onBranch: (checkpoint) => setDialog({ kind: 'branch', checkpoint }),
    onSave: () => sessionId !== null && setDialog({ kind: 'save-checkpoint', sessionId }),
    onCompareBranches: (branchId, other) => sessionId !== null && go({ view: 'branches', sessionId, branchId, other }),
    onOpenSession: (id) => go({ view: 'session', sessionId: id }),
  }), [sessionId, go, setDialog])
}
