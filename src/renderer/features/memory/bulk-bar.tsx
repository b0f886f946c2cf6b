import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { MemoryBulkAction, MemoryFilter, MemoryHit, MemoryItem } from '#contract/memory'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { inputStyle } from '../../components/field'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'
import { EraseDialog } from './erase-dialog'

/** In one go. */
const MOST_ERASED = 10_000

/** The same for all that are selected; where more fit than are loaded, for those too. */
export function BulkBar({ hits, selected, whole, onDone, onOpen }: {
  readonly hits: readonly MemoryHit[]
  readonly selected: ReadonlySet<string>
  /** What fits beyond what is loaded, where everything that is loaded is selected. */
  readonly whole: MemoryFilter | null
  readonly onDone: () => void
  readonly onOpen: (id: string) => void
}) {
  const { orpc, toasts } = useServices()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'merge' | 'erase' | 'tag' | null>(null)
  const [wantsWhole, setWantsWhole] = useState(false)
  const isWhole = wantsWhole && whole !== null
  const ids = [...selected]
  const bulk = useMutation(orpc.memory.bulk.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => client.invalidateQueries({ queryKey: orpc.memory.key() }) }))
  const chosen = hits.filter(({ item }) => selected.has(item.id)).map(({ item }) => item)
  /** `undo` is for those that were not so before. */
  const act = (action: MemoryBulkAction, done: string, undo: MemoryBulkAction, wasSo: (item: MemoryItem) => boolean): void => {
    const changing = chosen.filter((item) => !wasSo(item)).map(({ id }) => id)
    bulk.mutate({ ...(isWhole ? { filter: whole } : { ids }), do: action }, {
      onSuccess: ({ changed, failed }) => {
        onDone()
        toasts.info(`${changed.toLocaleString()} ${done}.${isWhole ? ' “Back to a date…” takes it back.' : ''}${failed.length > 0 ? ` ${failed.length} were not: ${failed[0]?.message ?? ''}` : ''}`, isWhole || changing.length === 0 ? [] : [{ label: 'Undo', run: () => bulk.mutate({ ids: changing, do: undo }) }])
      },
    })
  }
  return (
    <div role="toolbar" aria-label="Selected items" className="flex flex-wrap items-center gap-1.5 border-b border-line bg-accent-soft px-3 py-1.5">
      <p className="me-1 text-xs font-medium">{isWhole ? 'All that fit' : `${selected.size.toLocaleString()} selected`}</p>
      {whole !== null && !isWhole && <Button small tone="quiet" onClick={() => setWantsWhole(true)}>Select all that fit</Button>}
      <Button small disabled={bulk.isPending} onClick={() => act({ action: 'change', patch: { pinned: true } }, 'pinned', { action: 'change', patch: { pinned: false } }, ({ pinned }) => pinned)}>Pin</Button>
      <Button small disabled={bulk.isPending} onClick={() => act({ action: 'change', patch: { archived: true } }, 'archived', { action: 'change', patch: { archived: false } }, ({ archived }) => archived)}>Archive</Button>
      <Button small disabled={bulk.isPending} onClick={() => setDialog('tag')}>Tag…</Button>
      <Button small disabled={bulk.isPending || isWhole || selected.size < 2 || selected.size > 100} onClick={() => setDialog('merge')}>Merge…</Button>
      <Button small disabled={bulk.isPending} onClick={() => act({ action: 'forget' }, 'forgotten', { action: 'restore' }, ({ forgottenAt }) => forgottenAt !== null)}>Forget</Button>
      <Button small tone="danger" disabled={isWhole || selected.size > MOST_ERASED} onClick={() => setDialog('erase')}>Erase…</Button>
      <Button small tone="quiet" onClick={onDone}>Clear the selection</Button>
      {bulk.error !== null && <ErrorNote error={bulk.error} className="w-full" />}
      {dialog === 'erase' && <EraseDialog ids={ids} what={`${ids.length} ${ids.length === 1 ? 'item' : 'items'}`} onClose={(erased) => { setDialog(null); if (erased) onDone() }} />}
      {dialog === 'tag' && <TagDialog onClose={() => setDialog(null)} onTag={(tag) => { setDialog(null); act({ action: 'tag', add: [tag], remove: [] }, `tagged “${tag}”`, { action: 'tag', add: [], remove: [tag] }, ({ tags }) => tags.includes(tag)) }} />}
      {dialog === 'merge' && <MergeDialog ids={chosen.map(({ id }) => id)} texts={chosen.map(({ text }) => text)} onClose={() => setDialog(null)} onMerged={(id) => { setDialog(null); onDone(); onOpen(id) }} />}
    </div>
  )
}

function TagDialog({ onClose, onTag }: { readonly onClose: () => void; readonly onTag: (tag: string) => void }) {
  const [tag, setTag] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (tag.trim() !== '') onTag(tag.trim())
  }
  return (
    <Dialog title="Tag" onClose={onClose} actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={tag.trim() === ''} onClick={submit}>Tag</Button></>}>
      <form onSubmit={submit}><label className="flex flex-col gap-1 text-sm">Tag<input value={tag} maxLength={40} autoFocus className={inputStyle} onChange={(event) => setTag(event.target.value)} /></label></form>
    </Dialog>
  )
}

function MergeDialog({ ids, texts, onClose, onMerged }: { readonly ids: readonly string[]; readonly texts: readonly string[]; readonly onClose: () => void; readonly onMerged: (id: string) => void }) {
  const { orpc } = useServices()
  const client = useQueryClient()
  const [text, setText] = useState(() => [...new Set(texts)].join('\n'))
  const merge = useMutation(orpc.memory.merge.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: orpc.memory.key() })
      onMerged(id)
    },
  }))
  return (
    <Dialog title={`Make one of ${ids.length}`} onClose={onClose} actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={merge.isPending || text.trim() === ''} onClick={() => merge.mutate({ ids: [...ids], text: text.trim() })}>Merge</Button></>}>
      <label className="flex flex-col gap-1 text-sm">
        What it says then. The first one stays, the others are forgotten; all of it can be taken back.
        <textarea value={text} rows={10} autoFocus maxLength={20_000} className={classNames(inputStyle, 'h-auto py-1.5')} onChange={(event) => setText(event.target.value)} />
      </label>
      {merge.error !== null && <ErrorNote error={merge.error} className="mt-2" />}
    </Dialog>
  )
}
