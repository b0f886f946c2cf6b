import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { MemoryItem } from '#contract/memory'
import { classNames } from '../../lib/class-names'
import { shorten } from '../../lib/format'
import { useServices } from '../../lib/services'
import { Button } from '../button'
import { ErrorNote } from '../feedback'
import { inputStyle } from '../field'
import { kindWords, scopeWords, trustWords } from './words'

/** One item with why it is shown; corrected or forgotten here it is so from the next call on. */
export function MemoryCard({ item, why, score = null }: { readonly item: MemoryItem; readonly why?: string; readonly score?: number | null }) {
  const { orpc } = useServices()
  const [editing, setEditing] = useState(false)
  const meta = { shownInPlace: true }
  const forget = useMutation(orpc.memory.forget.mutationOptions({ meta }))
  const restore = useMutation(orpc.memory.restore.mutationOptions({ meta }))
  const error = forget.error ?? restore.error
  const name = shorten(item.text, 40)
  const isForgotten = item.forgottenAt !== null
  return (
    <div className={classNames('rounded-md border px-2.5 py-1.5 text-xs', item.trust === 'untrusted' ? 'border-warning/50' : 'border-line')}>
      {editing
        ? <Correction item={item} onClose={() => setEditing(false)} />
        : (
          <>
            <p className={classNames('break-words whitespace-pre-wrap', isForgotten && 'text-muted line-through')}>{item.title !== '' && <span className="font-medium">{item.title}: </span>}{shorten(item.text, 600)}</p>
            <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className="min-w-0 flex-1 text-muted">
                {[kindWords[item.kind], scopeWords[item.scope], trustWords[item.trust], ...(why === undefined ? [] : [why]), ...(score === null ? [] : [`score ${score.toFixed(3)}`])].join(' · ')}
              </span>
              {isForgotten
                ? <Button small disabled={restore.isPending} onClick={() => restore.mutate({ id: item.id })}>Undo<span className="sr-only"> forgetting: {name}</span></Button>
                : (
                  <>
                    <Button small tone="quiet" onClick={() => setEditing(true)}>Wrong, fix<span className="sr-only">: {name}</span></Button>
                    <Button small tone="quiet" disabled={forget.isPending} onClick={() => forget.mutate({ id: item.id })}>Forget<span className="sr-only">: {name}</span></Button>
                  </>
                )}
            </div>
            {isForgotten && <p role="status" className="text-muted">Forgotten: it is not recalled any more and not learnt again.</p>}
          </>
        )}
      {error !== null && <ErrorNote error={error} className="mt-1" />}
    </div>
  )
}

function Correction({ item, onClose }: { readonly item: MemoryItem; readonly onClose: () => void }) {
  const { orpc } = useServices()
  const [text, setText] = useState(item.text)
  const patch = useMutation(orpc.memory.patch.mutationOptions({ meta: { shownInPlace: true }, onSuccess: onClose }))
  const canSave = text.trim() !== '' && !patch.isPending
  const save = (event?: FormEvent): void => {
    event?.preventDefault()
    if (!canSave) return
    if (text.trim() === item.text) return onClose()
    // What a person says is theirs from now on.
    patch.mutate({ id: item.id, text: text.trim(), trust: 'person', revision: item.revision })
  }
  return (
    <form onSubmit={save} className="flex flex-col gap-1.5">
      <textarea
        aria-label="What is right"
        autoFocus
        value={text}
        rows={Math.min(10, Math.max(2, Math.ceil(text.length / 80)))}
        maxLength={20_000}
        className={classNames(inputStyle, 'h-auto py-1.5 text-xs')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault()
            event.stopPropagation()
            onClose()
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
        }}
      />
      <div className="flex gap-1.5">
        <Button small tone="primary" type="submit" disabled={!canSave}>Save</Button>
        <Button small tone="quiet" onClick={onClose}>Cancel</Button>
      </div>
      {patch.error !== null && <ErrorNote error={patch.error} />}
    </form>
  )
}
