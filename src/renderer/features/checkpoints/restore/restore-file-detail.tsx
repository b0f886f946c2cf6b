import { useQuery } from '@tanstack/react-query'
import type { RestoreItem } from '#contract/checkpoints'
import type { FileDiff } from '#contract/file-changes'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { omittedText } from '../compare/omitted'
import { newestOf } from '../branches/newest'
import { type States, undoneStates } from '../undo/undoable'
import { useCheckpoints } from '../use-checkpoints'
import { authorsText, changeWords, shownPath } from '../words'
import { HunkPicker } from './hunk-picker'
import { type RestoreSelection, wantedHunks, withHunk } from './selection'
import { type RestoreSource, sessionOf } from './source'

interface Props {
  readonly item: RestoreItem
  readonly source: RestoreSource
  readonly selection: RestoreSelection
  readonly onChange: (selection: RestoreSelection) => void
}

/** One file of a restore: from what is there now to what would be, hunk by hunk. */
export function RestoreFileDetail({ item, source, selection, onChange }: Props) {
  const path = shownPath(item.path)
  return (
    <section aria-label={`Changes of ${path}`} className="flex min-h-0 flex-col rounded-md border border-line">
      <header className="border-b border-line px-3 py-1.5 text-xs">
        <h3 className="font-mono break-all">{path}</h3>
        <p className="text-muted">{changeWords[item.change]} · last changed by: {authorsText(item.authors)}</p>
      </header>
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label={`Hunks of ${path}`}>
        {source.kind === 'checkpoint'
          ? <Hunks states={{ from: 'now', to: source.checkpoint.id }} item={item} selection={selection} onChange={onChange} />
          : <ReadOnlyHunks source={source} item={item} selection={selection} />}
      </div>
    </section>
  )
}

/** The server names hunks for checkpoints only: an undo and a bringing home take a file whole. */
function ReadOnlyHunks({ source, item, selection }: Pick<Props, 'item' | 'selection'> & { readonly source: Exclude<RestoreSource, { kind: 'checkpoint' }> }) {
  const states = useStates(source)
  if (states === null) return <p className="p-3 text-xs text-muted">The lines of this file are not kept; its counts are on the left.</p>
  return <Hunks states={states} item={item} selection={selection} onChange={null} />
}

/** Between which checkpoints the lines are read: of an undo its turn or command backwards, of a branch from its origin to it. */
function useStates(source: Exclude<RestoreSource, { kind: 'checkpoint' }>): States | null {
  const home = useCheckpoints(sessionOf(source)).data?.items ?? []
  const away = useCheckpoints(source.kind === 'bring-home' ? source.branch.sessionId : source.sessionId).data?.items ?? []
  if (source.kind === 'undo') return undoneStates(home, source.target)
  const { originHeadId, headId, checkpointId } = source.branch
  return { from: newestOf(home, originHeadId) ?? checkpointId, to: newestOf(away, headId) ?? checkpointId }
}

function Hunks({ states, item, selection, onChange }: Pick<Props, 'item' | 'selection'> & {
  readonly states: States
  /** Null: only to look at. */
  readonly onChange: Props['onChange'] | null
}) {
  const { queries } = useServices()
  const diff = useQuery(queries.checkpointFileDiff(states.from, states.to, item.path))
  if (diff.isPending) return <Skeleton rows={5} label="Loading the changes" className="p-3" />
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} className="m-2" />
  const note = omittedText(diff.data)
  if (note !== null) return <p className="p-3 text-xs text-muted">{note}</p>
  const all = diff.data.hunks.map((hunk) => hunk.id)
  return (
    <HunkPicker
      hunks={diff.data.hunks}
      wanted={wantedHunks(selection, item.path, all)}
      onPick={onChange !== null && isPickable(item, diff.data) ? (id, wanted) => onChange(withHunk(selection, item.path, all, id, wanted)) : null}
    />
  )
}

/** Only a file that is there before and after can be restored in part. */
function isPickable(item: RestoreItem, diff: FileDiff): boolean {
  return item.action === 'write' && !item.damaged && diff.hunks.length > 0 && diff.beforeText !== null && diff.afterText !== null
}
