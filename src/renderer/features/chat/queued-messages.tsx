import { useMutation } from '@tanstack/react-query'
import { Pencil, X } from 'lucide-react'
import { useState } from 'react'
import type { Run } from '#contract/runs'
import { Button, IconButton } from '../../components/button'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { shorten } from '../../lib/format'
import { useServices } from '../../lib/services'

/** Messages that wait until the turn that works now is over. */
export function QueuedMessages({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0) return null
  return (
    <ul aria-label="Queued messages" className="mb-2 flex max-h-48 flex-col gap-1 overflow-y-auto">
      {runs.map((run) => <QueuedMessage key={run.id} run={run} />)}
    </ul>
  )
}

function QueuedMessage({ run }: { readonly run: Run }) {
  const { orpc } = useServices()
  const [draft, setDraft] = useState<string | null>(null)
  const remove = useMutation(orpc.runs.cancel.mutationOptions())
  const edit = useMutation(orpc.runs.edit.mutationOptions({ onSuccess: () => setDraft(null) }))
  const text = shorten(run.text, 300)
  if (draft === null) {
    return (
      <li className="flex items-center gap-1 rounded-md border border-dashed border-line-strong bg-canvas px-2.5 py-0.5">
        <span className="shrink-0 text-xs text-muted">Queued</span>
        <span className="min-w-0 flex-1 truncate">{text}</span>
        <IconButton label={`Edit queued message: ${shorten(run.text, 40)}`} title="Edit" icon={<Pencil />} onClick={() => setDraft(run.text)} />
        <IconButton label={`Remove queued message: ${shorten(run.text, 40)}`} title="Remove" icon={<X />} disabled={remove.isPending} onClick={() => remove.mutate({ id: run.id })} />
      </li>
    )
  }
  const save = (): void => {
    if (draft.trim() !== '' && !edit.isPending) edit.mutate({ id: run.id, text: draft })
  }
  return (
    <li className="flex flex-col gap-1.5 rounded-md border border-line-strong bg-canvas p-2">
      <textarea
        aria-label="Queued message"
        autoFocus
        rows={2}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            save()
          }
          if (event.key === 'Escape') {
            event.stopPropagation()
            setDraft(null)
          }
        }}
        className={classNames(inputStyle, 'field-sizing-content h-auto max-h-40 resize-none py-1.5')}
      />
      <div className="flex gap-2">
        <Button small tone="primary" disabled={draft.trim() === '' || edit.isPending} onClick={save}>Save</Button>
        <Button small tone="quiet" onClick={() => setDraft(null)}>Cancel</Button>
      </div>
    </li>
  )
}
