import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { RestoreItem, UndoTarget } from '#contract/checkpoints'
import type { FileDiff } from '#contract/file-changes'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { assertNever } from '../../../lib/assert-never'
import { useServices } from '../../../lib/services'
import { omittedText } from '../compare/omitted'
import { authorsText, changeWords, shownPath } from '../words'
import { HunkPicker } from './hunk-picker'
import { type RestoreSelection, shownHunks, withConflictHunk } from './selection'
import type { RestoreSource } from './source'

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
        <FileOf source={source} item={item} selection={selection} onChange={onChange} />
      </div>
    </section>
  )
}

/** From what is there now to what would be, asked for where the restore comes from. */
function FileOf({ source, ...rest }: Props) {
  switch (source.kind) {
    case 'checkpoint': return <OfCheckpoint checkpointId={source.checkpoint.id} {...rest} />
    case 'undo': return <OfUndo target={source.target} {...rest} />
    case 'bring-home': return <OfBranch branchId={source.branch.id} {...rest} />
    default: return assertNever(source)
  }
}

type HunksProps = Omit<Props, 'source'>

function OfCheckpoint({ checkpointId, ...rest }: HunksProps & { readonly checkpointId: string }) {
  const { queries } = useServices()
  return <Hunks diff={useQuery(queries.checkpointFileDiff('now', checkpointId, rest.item.path))} {...rest} />
}

function OfUndo({ target, ...rest }: HunksProps & { readonly target: UndoTarget }) {
  const { queries } = useServices()
  return <Hunks diff={useQuery(queries.undoFileDiff(target, rest.item.path))} {...rest} />
}

function OfBranch({ branchId, ...rest }: HunksProps & { readonly branchId: string }) {
  const { queries } = useServices()
  return <Hunks diff={useQuery(queries.homeFileDiff(branchId, rest.item.path))} {...rest} />
}

function Hunks({ diff, item, selection, onChange }: HunksProps & { readonly diff: UseQueryResult<FileDiff> }) {
  if (diff.isPending) return <Skeleton rows={5} label="Loading the changes" className="p-3" />
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} className="m-2" />
  const note = omittedText(diff.data)
  if (note !== null) return <p className="p-3 text-xs text-muted">{note}</p>
  const all = diff.data.hunks.map((hunk) => hunk.id)
  return (
    <HunkPicker
      hunks={diff.data.hunks}
      wanted={shownHunks(selection, item, all)}
      onPick={isPickable(item, diff.data) ? (id, wanted) => onChange(withConflictHunk(selection, item, all, id, wanted)) : null}
    />
  )
}

/** Only a file that is there before and after can be restored in part. */
function isPickable(item: RestoreItem, diff: FileDiff): boolean {
  return item.action === 'write' && !item.damaged && diff.hunks.length > 0 && diff.beforeText !== null && diff.afterText !== null
}
