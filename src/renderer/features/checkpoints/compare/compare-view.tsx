import { useQuery } from '@tanstack/react-query'
import { ArrowLeftRight } from 'lucide-react'
import { Tabs } from 'radix-ui'
import type { Checkpoint, CheckpointDiff } from '#contract/checkpoints'
import { IconButton } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { SelectField } from '../../../components/field'
import { formatTime, shorten } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'
import { useCheckpoints } from '../use-checkpoints'
import { linesText, nameOf, plural } from '../words'
import { ConversationDiff } from './conversation-diff'
import { CheckpointFile } from './file-diff-pane'
import { FilesDiff } from './files-diff'
import { RevisionDiff } from './revision-diff'

/** What is different between two checkpoints, or one and now. */
export function CompareView({ sessionId, from, to, actions }: {
  readonly sessionId: string
  readonly from: string | null
  readonly to: string
  readonly actions: CheckpointActions
}) {
  const checkpoints = useCheckpoints(sessionId)
  const items = checkpoints.data?.items ?? []
  const start = from ?? checkpoints.data?.currentId ?? items[0]?.id ?? null
  if (checkpoints.isPending) return <Skeleton rows={6} label="Loading the checkpoints" className="p-6" />
  if (start === null) return <p className="p-8 text-center text-muted">There is nothing to compare yet. The first turn that changes something brings checkpoints.</p>
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex flex-wrap items-end gap-2 border-b border-line px-4 py-2">
        <div className="min-w-40 flex-1"><SelectField label="From" value={start} choices={choicesOf(items, start, false)} onChange={(id) => actions.onCompare(id, to)} /></div>
        <IconButton label="Swap the sides" icon={<ArrowLeftRight />} disabled={to === 'now'} className="mb-0.5" onClick={() => actions.onCompare(to, start)} />
        <div className="min-w-40 flex-1"><SelectField label="To" value={to} choices={choicesOf(items, to, true)} onChange={(id) => actions.onCompare(start, id)} /></div>
      </div>
      <Comparison key={`${start} ${to}`} items={items} from={start} to={to} actions={actions} />
    </div>
  )
}

function choicesOf(items: readonly Checkpoint[], chosen: string, withNow: boolean) {
  const listed = items.map((item) => ({ value: item.id, label: `${shorten(item.title, 50)} (${formatTime(item.at)})` }))
  const isKnown = chosen === 'now' || listed.some((choice) => choice.value === chosen)
  return [...(withNow ? [{ value: 'now', label: 'Now' }] : []), ...(isKnown ? [] : [{ value: chosen, label: 'An older checkpoint' }]), ...listed]
}

function Comparison({ items, from, to, actions }: { readonly items: readonly Checkpoint[]; readonly from: string; readonly to: string; readonly actions: CheckpointActions }) {
  const { queries } = useServices()
  const diff = useQuery(queries.checkpointDiff(from, to))
  if (diff.isPending) return <Skeleton rows={6} label="Comparing" className="p-6" />
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} className="m-4" />
  const { files, conversation, memory, tasks } = diff.data
  const source = items.find((item) => item.id === from)
  const restoreFile = to !== 'now' || source === undefined ? null
    : (path: string) => actions.onRestore({ kind: 'checkpoint', sessionId: source.sessionId, checkpoint: source, paths: [path] })
  return (
    <Tabs.Root defaultValue="files" className="flex min-h-0 flex-1 flex-col">
      <Tabs.List aria-label="Parts" className="flex shrink-0 gap-1 border-b border-line px-3">
        <Tab value="files" label={`Files (${files.total.toLocaleString('en')})`} note={linesText(files.lines)} />
        <Tab value="conversation" label={`Conversation (${entriesOf(diff.data)})`} />
        {memory !== null && <Tab value="memory" label={`Memory (${memory.items.length})`} />}
        {tasks !== null && <Tab value="tasks" label={`Tasks (${tasks.items.length})`} />}
      </Tabs.List>
      <Tabs.Content value="files" className="min-h-0 flex-1">
        <FilesDiff
          files={files}
          renderFile={(path) => <CheckpointFile from={from} to={to} path={path} onOpenStep={actions.onOpenStep} onRestore={restoreFile === null ? null : () => restoreFile(path)} />}
        />
      </Tabs.Content>
      <Tabs.Content value="conversation" className="min-h-0 flex-1">
        <ConversationDiff conversation={conversation} fromName={nameOf(items, from)} toName={nameOf(items, to)} />
      </Tabs.Content>
      {memory !== null && <Tabs.Content value="memory" className="min-h-0 flex-1"><RevisionDiff diff={memory} empty="The memory is the same in both." /></Tabs.Content>}
      {tasks !== null && <Tabs.Content value="tasks" className="min-h-0 flex-1"><RevisionDiff diff={tasks} empty="The tasks are the same in both." /></Tabs.Content>}
      <p className="sr-only" role="status">{plural(files.total, 'file')} different, {linesText(files.lines)}</p>
    </Tabs.Root>
  )
}

function entriesOf({ conversation }: CheckpointDiff): number {
  return conversation.onlyFrom.length + conversation.onlyTo.length
}

function Tab({ value, label, note }: { readonly value: string; readonly label: string; readonly note?: string }) {
  return (
    <Tabs.Trigger
      value={value}
      className="-mb-px border-b-2 border-transparent px-2.5 py-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
    >
      {label}{note !== undefined && <span className="ms-2 text-xs tabular-nums">{note}</span>}
    </Tabs.Trigger>
  )
}
