import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { MemoryUndo } from '#contract/memory'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { TextField } from '../../components/field'
import { shorten } from '../../lib/format'
import { useServices } from '../../lib/services'
import { localTime } from './local-time'

/** Brings the memory back to what it was at a moment, once it was shown what that changes. */
export function UndoDialog({ at = null, onClose, onDone = onClose }: { readonly at?: number | null; readonly onClose: () => void; readonly onDone?: () => void }) {
  const { orpc, toasts } = useServices()
  const client = useQueryClient()
  const [when, setWhen] = useState(at === null ? '' : localTime(at))
  const [typed, setTyped] = useState(false)
  // A field has no milliseconds.
  const to = typed || at === null ? (when === '' ? null : new Date(when).getTime()) : at
  const meta = { shownInPlace: true }
  const preview = useMutation(orpc.memory.previewUndo.mutationOptions({ meta }))
  const undo = useMutation(orpc.memory.undo.mutationOptions({
    meta,
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: orpc.memory.key() })
      toasts.info(`Brought back: ${countOf(done)}.`)
      onDone()
    },
  }))
  const { mutate: look } = preview
  useEffect(() => {
    if (at !== null) look({ to: at })
  }, [at, look])
  const nothing = preview.data !== undefined && preview.data.change + preview.data.forget + preview.data.restore === 0
  return (
    <Dialog
      title="Back to a date" onClose={onClose} wide
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {preview.data === undefined
            ? <Button tone="primary" disabled={to === null || preview.isPending} onClick={() => to !== null && preview.mutate({ to })}>Show what changes</Button>
            : <Button tone="primary" disabled={to === null || nothing || undo.isPending} onClick={() => to !== null && undo.mutate({ to })}>Bring back</Button>}
        </>
      }
    >
      <TextField label="As it was at" type="datetime-local" step={1} value={when} onChange={(event) => { setWhen(event.target.value); setTyped(true); preview.reset() }} hint="Every change is kept in the history, so this can be taken back too." />
      {preview.data !== undefined && <Preview undo={preview.data} />}
      {(preview.error ?? undo.error) !== null && <ErrorNote error={preview.error ?? undo.error} className="mt-2" />}
    </Dialog>
  )
}

function Preview({ undo }: { readonly undo: MemoryUndo }) {
  return (
    <div className="mt-3">
      <p role="status" className="mb-1 text-sm">{countOf(undo)}</p>
      <ul aria-label="What changes" className="flex max-h-72 flex-col gap-1 overflow-y-auto text-xs">
        {undo.items.map(({ before, after }) => (
          <li key={before.id} className="rounded-md border border-line px-2 py-1 break-words">
            <p className="bg-danger-soft px-1"><span className="sr-only">Now: </span><span aria-hidden>− </span>{before.forgottenAt === null ? shorten(before.text, 300) : `forgotten: ${shorten(before.text, 280)}`}</p>
            <p className="bg-success-soft px-1"><span className="sr-only">Then: </span><span aria-hidden>+ </span>{after === null ? 'forgotten: it was not there yet' : shorten(after.text, 300)}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}

function countOf({ change, forget, restore }: MemoryUndo): string {
  const parts = [...(change > 0 ? [`${change} changed`] : []), ...(forget > 0 ? [`${forget} forgotten`] : []), ...(restore > 0 ? [`${restore} remembered again`] : [])]
  return parts.length === 0 ? 'Nothing was changed since then' : parts.join(', ')
}
