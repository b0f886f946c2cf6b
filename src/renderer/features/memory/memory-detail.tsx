import { useMutation, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { MemoryItem } from '#contract/memory'
import { sayStatement } from '#contract/statement-words'
import { Button, IconButton } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { kindWords, trustWords } from '../../components/memory/words'
import { Section } from '../../components/section'
import { formatTime, shorten } from '../../lib/format'
import { useServices } from '../../lib/services'
import { EraseDialog } from './erase-dialog'
import { ItemForm } from './item-form'
import { ItemHistory } from './item-history'
import { type MemoryPlaces, placeName } from './places'
import { SplitDialog } from './split-dialog'

/** One item: what it says, where it came from, where it was used, what it was; all of it to be put right here. */
export function MemoryDetail({ id, places, onClose, onOpen }: { readonly id: string; readonly places: MemoryPlaces; readonly onClose: () => void; readonly onOpen: (id: string) => void }) {
  const { orpc } = useServices()
  const item = useQuery({ ...orpc.memory.get.queryOptions({ input: { id } }), retry: false })
  return (
    <aside aria-label="Item" className="absolute inset-y-0 right-0 z-20 flex w-96 max-w-full flex-col border-l border-line bg-surface lg:static lg:z-auto" onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && onClose()}>
      <div className="flex items-center justify-between gap-2 border-b border-line px-3 py-1.5">
        <h2 className="truncate text-sm font-semibold">{item.data === undefined ? 'Item' : item.data.title || kindWords[item.data.kind]}</h2>
        <IconButton label="Close the item" icon={<X />} onClick={onClose} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto p-3">
        {item.isPending && <Skeleton rows={6} label="Loading the item" />}
        {item.error !== null && <ErrorNote error={item.error} onRetry={() => void item.refetch()} />}
        {item.data !== undefined && <Detail key={item.data.id} item={item.data} places={places} onClose={onClose} onOpen={onOpen} />}
      </div>
    </aside>
  )
}

function Detail({ item, places, onClose, onOpen }: { readonly item: MemoryItem; readonly places: MemoryPlaces; readonly onClose: () => void; readonly onOpen: (id: string) => void }) {
  const { orpc } = useServices()
  const [dialog, setDialog] = useState<'erase' | 'split' | null>(null)
  const meta = { shownInPlace: true }
  const patch = useMutation(orpc.memory.patch.mutationOptions({ meta }))
  const forget = useMutation(orpc.memory.forget.mutationOptions({ meta }))
  const restore = useMutation(orpc.memory.restore.mutationOptions({ meta }))
  const error = patch.error ?? forget.error ?? restore.error
  const { id, revision, pinned, archived } = item
  const isForgotten = item.forgottenAt !== null
  const busy = patch.isPending || forget.isPending || restore.isPending
  return (
    <div className="flex flex-col gap-4">
      {isForgotten && <p className="rounded-md bg-warning-soft px-2.5 py-1.5 text-xs text-warning">Forgotten: not recalled any more, and not learnt again.</p>}
      <ItemForm item={item} places={places} />
      <div className="flex flex-wrap gap-1.5">
        <Button small disabled={busy} aria-pressed={pinned} onClick={() => patch.mutate({ id, revision, pinned: !pinned })}>{pinned ? 'Unpin' : 'Pin'}</Button>
        <Button small disabled={busy} onClick={() => patch.mutate({ id, revision, archived: !archived })}>{archived ? 'Take out of the archive' : 'Archive'}</Button>
        <Button small disabled={busy || isForgotten} onClick={() => setDialog('split')}>Split…</Button>
        {isForgotten
          ? <Button small disabled={busy} onClick={() => restore.mutate({ id })}>Remember again</Button>
          : <Button small disabled={busy} onClick={() => forget.mutate({ id })}>Forget</Button>}
        <Button small tone="danger" onClick={() => setDialog('erase')}>Erase…</Button>
      </div>
      {error !== null && <ErrorNote error={error} />}
      {item.statements.length > 0 && <Statements item={item} disabled={busy} onChange={(statements) => patch.mutate({ id, revision, statements })} />}
      <Facts item={item} places={places} />
      <ItemHistory item={item} />
      {dialog === 'erase' && <EraseDialog ids={[id]} what={`“${shorten(item.text, 60)}”`} onClose={(erased) => { setDialog(null); if (erased) onClose() }} />}
      {dialog === 'split' && <SplitDialog item={item} onClose={() => setDialog(null)} onSplit={(first) => onOpen(first)} />}
    </div>
  )
}

/** What it says of things; what was misunderstood is taken out. */
function Statements({ item: { statements }, disabled, onChange }: { readonly item: MemoryItem; readonly disabled: boolean; readonly onChange: (statements: MemoryItem['statements']) => void }) {
  return (
    <Section title="What it says of things">
      <ul className="flex flex-col gap-0.5">
        {statements.map((statement) => {
          const said = sayStatement(statement)
          return (
            <li key={said} className="flex items-center gap-1 text-xs">
              <span className="min-w-0 flex-1 break-words">{said}</span>
              <IconButton label={`Not so: ${shorten(said, 60)}`} icon={<X />} disabled={disabled} onClick={() => onChange(statements.filter((other) => other !== statement))} />
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

/** Where it came from and where it was used. */
function Facts({ item, places }: { readonly item: MemoryItem; readonly places: MemoryPlaces }) {
  const { source, lastUsedAt, useCount } = item
  const { sessionId, entryId } = source
  return (
    <Section title="Where it comes from">
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
        <Fact name="From">{trustWords[item.trust]}</Fact>
        {sessionId !== null && <Fact name="Said in"><button type="button" className="max-w-full truncate text-accent hover:underline" onClick={() => places.onOpenSession(sessionId, entryId)}>{places.sessionTitle(sessionId)}</button></Fact>}
        {source.path !== null && <Fact name="File"><span className="font-mono break-all">{source.path}</span></Fact>}
        {source.runId !== null && <Fact name="Turn"><span className="font-mono break-all text-muted">{source.runId}</span></Fact>}
        <Fact name="Counts">{placeName(item, places)}</Fact>
        <Fact name="Noted">{formatTime(item.createdAt)}</Fact>
        <Fact name="Used">{lastUsedAt === null ? 'never' : `${formatTime(lastUsedAt)}, ${useCount} ${useCount === 1 ? 'time' : 'times'}`}</Fact>
        {lastUsedAt !== null && <Uses id={item.id} lastUsedAt={lastUsedAt} places={places} />}
      </dl>
    </Section>
  )
}

/** The conversations that it was sent along in, newest first, each once. */
function Uses({ id, lastUsedAt, places }: { readonly id: string; readonly lastUsedAt: number; readonly places: MemoryPlaces }) {
  const { orpc } = useServices()
  // Asked for again with each use.
  const uses = useQuery({ ...orpc.memory.uses.queryOptions({ input: { id } }), queryKey: [...orpc.memory.uses.queryKey({ input: { id } }), lastUsedAt] })
  const sessions = [...new Set(uses.data?.items.map(({ sessionId }) => sessionId))].slice(0, 5)
  if (sessions.length === 0) return null
  return (
    <Fact name="Used in">
      <ul aria-label="Used in">
        {sessions.map((sessionId) => <li key={sessionId}><button type="button" className="max-w-full truncate text-accent hover:underline" onClick={() => places.onOpenSession(sessionId, null)}>{places.sessionTitle(sessionId)}</button></li>)}
      </ul>
    </Fact>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}
