import { useQuery } from '@tanstack/react-query'
import type { RestoreItem } from '#contract/checkpoints'
import type { FileDiff } from '#contract/file-changes'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { useServices } from '../../../lib/services'
import { omittedText } from '../compare/omitted'
import { authorsText, changeWords, shownPath } from '../words'
import { HunkPicker } from './hunk-picker'
import { type RestoreSelection, wantedHunks, withHunk } from './selection'
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
        {source.kind === 'checkpoint'
          ? <Hunks checkpointId={source.checkpoint.id} item={item} selection={selection} onChange={onChange} />
          : <p className="p-3 text-xs text-muted">{unseen[source.kind]}</p>}
      </div>
    </section>
  )
}

const unseen: Readonly<Record<Exclude<RestoreSource['kind'], 'checkpoint'>, string>> = {
  undo: 'What came after it in other places of this file stays. Compare the checkpoints of the turn to see its lines.',
  'bring-home': 'Compare the branch with its origin to see the lines of this file.',
}

function Hunks({ checkpointId, item, selection, onChange }: Pick<Props, 'item' | 'selection' | 'onChange'> & { readonly checkpointId: string }) {
  const { queries } = useServices()
  const diff = useQuery(queries.checkpointFileDiff('now', checkpointId, item.path))
  if (diff.isPending) return <Skeleton rows={5} label="Loading the changes" className="p-3" />
  if (diff.error !== null) return <ErrorNote error={diff.error} onRetry={() => void diff.refetch()} className="m-2" />
  const note = omittedText(diff.data)
  if (note !== null) return <p className="p-3 text-xs text-muted">{note}</p>
  const all = diff.data.hunks.map((hunk) => hunk.id)
  const canPick = isPickable(item, diff.data)
  return (
    <HunkPicker
      hunks={diff.data.hunks}
      wanted={wantedHunks(selection, item.path, all)}
      onPick={canPick ? (id, wanted) => onChange(withHunk(selection, item.path, all, id, wanted)) : null}
    />
  )
}

/** Only a file that is there before and after can be restored in part. */
function isPickable(item: RestoreItem, diff: FileDiff): boolean {
  return item.action === 'write' && !item.damaged && diff.hunks.length > 0 && diff.beforeText !== null && diff.afterText !== null
}
