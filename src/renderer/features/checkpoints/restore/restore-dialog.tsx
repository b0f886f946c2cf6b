import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CheckpointPart, RestorePreview, RestoreResult } from '#contract/checkpoints'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { CoverageList } from '../timeline/coverage-list'
import { partWords, plural } from '../words'
import { RestoreDone } from './restore-done'
import { RestoreFiles } from './restore-files'
import { RestoreItems } from './restore-items'
import { countItems, countSelection, everything, restoreChoice, type RestoreSelection } from './selection'
import { previewOf, type RestoreSource, titleOf } from './source'
import { useRestore } from './use-restore'

/** Shows everything that would change before it does, then what was done, with the way back. */
export function RestoreDialog({ source, onClose }: { readonly source: RestoreSource; readonly onClose: () => void }) {
  const available = partsOf(source)
  const [parts, setParts] = useState<readonly CheckpointPart[]>(startParts(source, available))
  const [selection, setSelection] = useState<RestoreSelection | null>(null)
  const preview = usePreview(source, parts)
  const restore = useRestore(source)
  const files = preview.data?.files ?? null
  const notCovered = preview.data?.notCovered ?? null
  const items = files?.items ?? []
  const chosen = selection ?? startSelection(source, preview.data)
  if (restore.data !== undefined) return <RestoreDone title={titleOf(source)} restored={restore.data} onClose={onClose} />
  const counts = countSelection(chosen, items)
  // A list that was cut off restores all that it does not show as well, as long as nothing is left out.
  const taken = { memory: countItems(chosen, preview.data?.memory ?? null), tasks: countItems(chosen, preview.data?.tasks ?? null) }
  const isNothing = counts.writes + counts.deletes + taken.memory + taken.tasks === 0 && !parts.includes('conversation') && files?.truncated !== true
  const offered = available.filter((part) => part === 'files' || part === 'conversation' || !parts.includes(part) || (preview.data?.[part] ?? []).length > 0)
  return (
    <Dialog
      title={titleOf(source)}
      size="full"
      onClose={onClose}
      actions={
        <>
          <p className="me-auto self-center text-xs text-muted" aria-live="polite">
            {preview.data !== undefined && `${countsText(counts, preview.data, parts)}${itemsText(taken)} A checkpoint of how it is now is taken first.`}
          </p>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="primary"
            disabled={preview.data === undefined || preview.isFetching || restore.isPending || isNothing}
            onClick={() => restore.mutate({ parts, choices: restoreChoice(chosen, items) })}
          >
            {restore.isPending ? 'Working…' : verbs[source.kind]}
          </Button>
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col gap-3">
        {offered.length > 1 && <Parts offered={offered} available={available} chosen={parts} onChange={setParts} />}
        {restore.error !== null && <ErrorNote error={restore.error} />}
        {preview.error !== null && <ErrorNote error={preview.error} onRetry={() => void preview.refetch()} />}
        {preview.isPending && parts.length > 0 && <Skeleton rows={6} label="Looking at what would change" />}
        {parts.length === 0 && <p className="py-8 text-center text-muted">Choose at least one part.</p>}
        {preview.data !== undefined && <ConversationNote preview={preview.data} />}
        {revisionParts.map((part) => <RestoreItems key={part} name={partWords[part]} items={preview.data?.[part] ?? []} selection={chosen} onChange={setSelection} />)}
        {files !== null && <RestoreFiles files={files} source={source} selection={chosen} onChange={setSelection} />}
        {notCovered !== null && <CoverageList coverage={notCovered} />}
      </div>
    </Dialog>
  )
}

const revisionParts = ['tasks', 'memory'] as const

const verbs: Readonly<Record<RestoreSource['kind'], string>> = { checkpoint: 'Restore', undo: 'Undo', 'bring-home': 'Bring home' }

function partsOf(source: RestoreSource): readonly CheckpointPart[] {
  if (source.kind !== 'checkpoint') return ['files']
  const { files, memoryRevision, taskRevision } = source.checkpoint
  return [
    ...(files === 'kept' ? ['files' as const] : []),
    'conversation',
    ...(memoryRevision === null ? [] : ['memory' as const]),
    ...(taskRevision === null ? [] : ['tasks' as const]),
  ]
}

/** Asked about single files, it starts with the files alone. */
function startParts(source: RestoreSource, available: readonly CheckpointPart[]): readonly CheckpointPart[] {
  return source.kind === 'checkpoint' && source.paths !== undefined ? ['files'] : available
}

function startSelection(source: RestoreSource, preview: RestorePreview | undefined): RestoreSelection {
  if (source.kind !== 'checkpoint' || source.paths === undefined) return everything
  const wanted = new Set(source.paths)
  return { ...everything, left: new Set((preview?.files?.items ?? []).map((item) => item.path).filter((path) => !wanted.has(path))) }
}

function usePreview(source: RestoreSource, parts: readonly CheckpointPart[]) {
  const { client } = useServices()
  const subject = source.kind === 'checkpoint' ? source.checkpoint.id : source.kind === 'undo' ? source.target : source.branch.id
  return useQuery({
    queryKey: ['restore preview', source.kind, subject, parts],
    queryFn: () => previewOf(client, source, [...parts]),
    enabled: parts.length > 0,
    staleTime: 0,
    gcTime: 0,
    refetchOnMount: 'always',
  })
}

function Parts({ offered, available, chosen, onChange }: {
  /** Those in which something could change. */
  readonly offered: readonly CheckpointPart[]
  readonly available: readonly CheckpointPart[]
  readonly chosen: readonly CheckpointPart[]
  readonly onChange: (parts: readonly CheckpointPart[]) => void
}) {
  return (
    <fieldset className="flex flex-wrap items-center gap-4">
      <legend className="sr-only">What to restore</legend>
      <span aria-hidden className="text-xs font-medium text-muted">Restore</span>
      {offered.map((part) => (
        <label key={part} className="flex items-center gap-1.5">
          <input
            type="checkbox" className="accent-accent" checked={chosen.includes(part)}
            onChange={(event) => onChange(available.filter((other) => (other === part ? event.target.checked : chosen.includes(other))))}
          />
          {partWords[part]}
        </label>
      ))}
    </fieldset>
  )
}

function ConversationNote({ preview }: { readonly preview: RestorePreview }) {
  const { conversation } = preview
  if (conversation === null) return null
  return (
    <p className="rounded-md bg-sunken px-3 py-2 text-xs">
      {conversation.leaves === 0
        ? 'The conversation already stands there.'
        : `The conversation goes back by ${plural(conversation.leaves, 'entry', 'entries')}; they stay on their own branch.`}
      {conversation.prompt !== null && ' Its prompt goes back to the composer.'}
    </p>
  )
}

function itemsText({ memory, tasks }: RestoreResult['items']): string {
  const words = [...(tasks === 0 ? [] : [plural(tasks, 'task')]), ...(memory === 0 ? [] : [plural(memory, 'memory item')])]
  return words.length === 0 ? '' : ` Takes ${words.join(' and ')} back.`
}

function countsText(counts: ReturnType<typeof countSelection>, preview: RestorePreview, parts: readonly CheckpointPart[]): string {
  if (!parts.includes('files') || preview.files === null) return 'No file is touched.'
  const kept = counts.kept === 0 ? '' : `, keeps ${plural(counts.kept, 'conflict')} as ${counts.kept === 1 ? 'it is' : 'they are'}`
  return `Writes ${plural(counts.writes, 'file')}, deletes ${counts.deletes.toLocaleString('en')}${kept}.`
}
