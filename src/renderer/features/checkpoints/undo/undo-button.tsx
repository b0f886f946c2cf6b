import { useMutation } from '@tanstack/react-query'
import { Check, Redo2, Undo2 } from 'lucide-react'
import type { RestoreResult, UndoTarget } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import type { ToastAction } from '../../../lib/notices'
import { useServices } from '../../../lib/services'
import { touchedText } from '../restore/restore-done'
import type { RestoreSource } from '../restore/source'
import { useCheckpoints } from '../use-checkpoints'
import { plural } from '../words'
import { isTurnUndoable, standingUndo, undoableStep } from './undoable'

interface Props {
  readonly sessionId: string
  readonly onReview: (source: RestoreSource) => void
}

/** Takes back what a turn did to files. Not there when it changed nothing. */
export function UndoTurn({ sessionId, runId, onReview }: Props & { readonly runId: string }) {
  const checkpoints = useCheckpoints(sessionId)
  if (!isTurnUndoable(checkpoints.data?.items ?? [], runId)) return null
  return <UndoButton sessionId={sessionId} target={{ runId }} what="this turn" onReview={onReview} />
}

/** Takes back what a command did to files. Not there when it changed nothing. */
export function UndoCommand({ sessionId, runId, callId, onReview }: Props & { readonly runId: string; readonly callId: string }) {
  const checkpoints = useCheckpoints(sessionId)
  // With its turn it was undone as well.
  if (standingUndo(checkpoints.data?.items ?? [], { runId }) !== null) return null
  const stepId = undoableStep(checkpoints.data?.items ?? [], runId, callId)
  return stepId === null ? null : <UndoButton sessionId={sessionId} target={{ stepId }} what="this command" onReview={onReview} />
}

/** Undoes, and once that is done says so and offers the redo; as it is in the store, so a reload shows the same. */
function UndoButton({ sessionId, target, what, onReview }: Props & { readonly target: UndoTarget; readonly what: string }) {
  const standing = standingUndo(useCheckpoints(sessionId).data?.items ?? [], target)
  const { undo, redo } = useUndo({ sessionId, target, what, onReview })
  const isBusy = undo.isPending || redo.isPending
  if (standing !== null) {
    return (
      <span className="inline-flex items-center gap-1 text-xs">
        <span className="inline-flex items-center gap-1 px-2 text-muted"><Check aria-hidden className="size-3.5" />{capital(what)} was undone</span>
        <Button small tone="quiet" disabled={isBusy} title="Brings what was undone back; what came later stays" onClick={() => redo.mutate({ target: { restoreId: standing.id } })}>
          <Redo2 aria-hidden className="size-3.5" />{redo.isPending ? 'Redoing…' : 'Redo'}<span className="sr-only"> {what}</span>
        </Button>
      </span>
    )
  }
  return (
    <Button small tone="quiet" disabled={isBusy} title={`Take back what ${what} did to files; what came later stays`} onClick={() => undo.mutate({ target })}>
      <Undo2 aria-hidden className="size-3.5" />{undo.isPending ? 'Undoing…' : `Undo ${what}`}
    </Button>
  )
}

function useUndo({ sessionId, target, what, onReview }: Props & { readonly target: UndoTarget; readonly what: string }) {
  const { orpc, toasts } = useServices()
  const tell = (done: string, result: RestoreResult, again: RestoreSource, actions: readonly ToastAction[]): void => {
    const open = result.kept.length + result.failed.length
    const rest = open === 0 ? '' : ` ${plural(open, 'file')} stayed as ${open === 1 ? 'it is' : 'they are'}.`
    toasts.info(`${done}: ${touchedText(result)}.${rest}`, [...(open === 0 ? [] : [{ label: 'Review', run: () => onReview(again) }]), ...actions])
  }
  const redo = useMutation(orpc.checkpoints.undo.mutationOptions({
    onSuccess: (result, input) => tell(`${capital(what)} is done again`, result, { kind: 'undo', sessionId, target: input.target, what: `the undo of ${what}` }, []),
  }))
  const undo = useMutation(orpc.checkpoints.undo.mutationOptions({
    onSuccess: (result) => tell(`Undid ${what}`, result, { kind: 'undo', sessionId, target, what }, [
      { label: 'Redo', run: () => redo.mutate({ target: { restoreId: result.restoreId } }) },
    ]),
  }))
  return { undo, redo }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
