import { useMutation } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, CornerDownRight, Paperclip, Pencil, X } from 'lucide-react'
import { useState } from 'react'
import type { Run } from '#contract/runs'
import { Button, IconButton } from '../../../components/button'
import { TextEntry } from '../../../components/text-entry'
import { shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'

export interface QueuedMessagesProps {
  readonly sessionId: string
  readonly label: string
  readonly runs: readonly Run[]
  /** Of the others that wait in the session: those that come first, and those that come after. */
  readonly before: readonly Run[]
  readonly after: readonly Run[]
}

/** What waits to be said to the agent. */
export function QueuedMessages({ sessionId, label, runs, before, after }: QueuedMessagesProps) {
  const { orpc } = useServices()
  const reorder = useMutation(orpc.runs.reorder.mutationOptions())
  if (runs.length === 0) return null
  const move = (index: number, step: 1 | -1): void => {
    const ids = runs.map(({ id }) => id)
    const [id] = ids.splice(index, 1)
    if (id !== undefined) reorder.mutate({ id: sessionId, runIds: [...idsOf(before), ...ids.toSpliced(index + step, 0, id), ...idsOf(after)] })
  }
  return (
    <ul aria-label={label} className="mb-2 flex max-h-48 flex-col gap-1 overflow-y-auto">
      {runs.map((run, index) => (
        <QueuedMessage
          key={run.id}
          run={run}
          onUp={runs.length < 2 ? null : index === 0 ? 'not' : () => move(index, -1)}
          onDown={runs.length < 2 ? null : index === runs.length - 1 ? 'not' : () => move(index, 1)}
        />
      ))}
    </ul>
  )
}

function idsOf(runs: readonly Run[]): string[] {
  return runs.map(({ id }) => id)
}

type Move = (() => void) | 'not' | null

function QueuedMessage({ run, onUp, onDown }: { readonly run: Run; readonly onUp: Move; readonly onDown: Move }) {
  const { orpc } = useServices()
  const [draft, setDraft] = useState<string | null>(null)
  const remove = useMutation(orpc.runs.cancel.mutationOptions())
  const edit = useMutation(orpc.runs.edit.mutationOptions({ onSuccess: () => setDraft(null) }))
  const steer = useMutation(orpc.runs.steer.mutationOptions())
  const name = shorten(run.text || (run.attachments[0]?.name ?? ''), 40)
  if (draft === null) {
    return (
      <li className="flex items-center gap-1 rounded-md border border-dashed border-line-strong bg-canvas px-2.5 py-0.5">
        <span className="shrink-0 text-xs text-muted">{run.joins ? 'Before the next step' : run.promptTry === null ? 'Queued' : run.promptTry === 1 ? 'Prompt' : `Try ${run.promptTry}`}</span>
        <span className="min-w-0 flex-1 truncate" dir="auto">{shorten(run.text, 300)}</span>
        {run.attachments.length > 0 && <span className="inline-flex shrink-0 items-center gap-0.5 text-xs text-muted"><Paperclip aria-label="Attachments:" className="size-3" />{run.attachments.length}</span>}
        {run.promptTry === null && !run.joins && <IconButton label={`Send before the next step: ${name}`} title="Send now: the agent reads it before its next step" icon={<CornerDownRight />} disabled={steer.isPending} onClick={() => steer.mutate({ id: run.id })} />}
        {onUp !== null && <IconButton label={`Send sooner: ${name}`} title="Sooner" icon={<ArrowUp />} disabled={onUp === 'not'} onClick={onUp === 'not' ? undefined : onUp} />}
        {onDown !== null && <IconButton label={`Send later: ${name}`} title="Later" icon={<ArrowDown />} disabled={onDown === 'not'} onClick={onDown === 'not' ? undefined : onDown} />}
        <IconButton label={`Edit queued message: ${name}`} title="Edit" icon={<Pencil />} onClick={() => setDraft(run.text)} />
        <IconButton label={`Remove queued message: ${name}`} title="Remove" icon={<X />} disabled={remove.isPending} onClick={() => remove.mutate({ id: run.id })} />
      </li>
    )
  }
  const save = (): void => {
    if (draft.trim() !== '' && !edit.isPending) edit.mutate({ id: run.id, text: draft })
  }
  return (
    <li className="flex flex-col gap-1.5 rounded-md border border-line-strong bg-canvas p-2">
      <TextEntry aria-label="Queued message" autoFocus value={draft} onChange={setDraft} onSend={save} onCancel={() => setDraft(null)} />
      <div className="flex gap-2">
        <Button small tone="primary" disabled={draft.trim() === '' || edit.isPending} onClick={save}>Save</Button>
        <Button small tone="quiet" onClick={() => setDraft(null)}>Cancel</Button>
      </div>
    </li>
  )
}
