import { useMutation } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import type { UndoTarget } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import { useServices } from '../../../lib/services'
import { touchedText } from '../restore/restore-done'
import type { RestoreSource } from '../restore/source'
import { useCheckpoints } from '../use-checkpoints'
import { plural } from '../words'
import { isTurnUndoable, undoableStep } from './undoable'

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
  const stepId = undoableStep(checkpoints.data?.items ?? [], runId, callId)
  return stepId === null ? null : <UndoButton sessionId={sessionId} target={{ stepId }} what="this command" onReview={onReview} />
}

function UndoButton({ sessionId, target, what, onReview }: Props & { readonly target: UndoTarget; readonly what: string }) {
  const { orpc, client, toasts } = useServices()
  const bringBack = useMutation({
    mutationFn: (id: string) => client.checkpoints.restore({ id, parts: ['files'] }),
    onSuccess: () => toasts.info('The undo was undone; the files are as before.'),
  })
  const undo = useMutation(orpc.checkpoints.undo.mutationOptions({
    onSuccess: (result) => {
      const open = result.kept.length + result.failed.length
      const rest = open === 0 ? '' : ` ${plural(open, 'file')} stayed as ${open === 1 ? 'it is' : 'they are'}.`
      toasts.info(`Undid ${what}: ${touchedText(result)}.${rest}`, [
        ...(open === 0 ? [] : [{ label: 'Review', run: () => onReview({ kind: 'undo', sessionId, target, what }) }]),
        { label: 'Undo', run: () => bringBack.mutate(result.redoCheckpointId) },
      ])
    },
  }))
  return (
    <Button small tone="quiet" disabled={undo.isPending} title={`Take back what ${what} did to files; what came later stays`} onClick={() => undo.mutate({ target })}>
      <Undo2 aria-hidden className="size-3.5" />{undo.isPending ? 'Undoing…' : `Undo ${what}`}
    </Button>
  )
}
