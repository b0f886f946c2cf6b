import { useMutation } from '@tanstack/react-query'
import type { Erased } from '#contract/memory'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { formatBytes, formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'

/** Erases for good once it is confirmed, and shows the proof that nothing is left. */
export function EraseDialog({ ids, what, onClose }: { readonly ids: readonly string[]; readonly what: string; readonly onClose: (erased: boolean) => void }) {
  const { orpc } = useServices()
  const erase = useMutation(orpc.memory.erase.mutationOptions({ meta: { shownInPlace: true } }))
  const close = (): void => onClose(erase.isSuccess)
  return (
    <Dialog
      title={erase.isSuccess ? 'Erased for good' : 'Erase for good?'} onClose={close} alert={!erase.isSuccess}
      actions={erase.isSuccess
        ? <Button tone="primary" onClick={close}>Close</Button>
        : (
          <>
            <Button onClick={close} autoFocus>Keep</Button>
            <Button tone="danger" disabled={erase.isPending} onClick={() => erase.mutate({ ids: [...ids] })}>Erase</Button>
          </>
        )}
    >
      {erase.data === undefined
        ? <p>{what} is removed with its history, from the words and the vectors, and cannot be brought back. It may be learnt again; to prevent that, forget it instead.</p>
        : <Proof erased={erase.data} />}
      {erase.error !== null && <ErrorNote error={erase.error} className="mt-2" />}
    </Dialog>
  )
}

function Proof({ erased: { removed, left, backups, conversations } }: { readonly erased: Erased }) {
  const rest = left.reduce((sum, { rows }) => sum + rows, 0)
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p role="status" className={rest === 0 ? 'text-success' : 'text-danger'}>{rest === 0 ? 'Looked for everywhere afterwards: nothing is left.' : `${rest} rows are still there.`}</p>
      <ul aria-label="Removed" className="text-xs">{removed.map(({ from, rows }) => <li key={from} className="flex justify-between gap-3 border-b border-line/60 py-0.5"><span className="font-mono">{from}</span><span className="tabular-nums">{rows} removed, {left.find((place) => place.in === from)?.rows ?? 0} left</span></li>)}</ul>
      {backups.length > 0 && (
        <div>
          <p className="text-warning">Backups of before still hold it, until newer ones take their place:</p>
          <ul aria-label="Backups" className="text-xs">{backups.map(({ name, at, bytes }) => <li key={name}><span className="font-mono">{name}</span> <span className="text-muted">{formatTime(at)}, {formatBytes(bytes)}</span></li>)}</ul>
        </div>
      )}
      {conversations.length > 0 && <p className="text-xs text-muted">What was said in {conversations.length === 1 ? 'the conversation' : `${conversations.length} conversations`} that it came from, or that an agent was told it in, is not part of the memory and stays there.</p>}
    </div>
  )
}
