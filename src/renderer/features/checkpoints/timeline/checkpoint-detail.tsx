import { useMutation, useQuery } from '@tanstack/react-query'
import { GitBranchPlus, GitCompare, MoreHorizontal, Pencil, Pin, PinOff, RotateCcw, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Checkpoint } from '#contract/checkpoints'
import { Button, IconButton } from '../../../components/button'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { inputStyle } from '../../../components/field'
import { Menu, MenuItem } from '../../../components/menu'
import { formatBytes, formatCost, formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'
import { changesText } from '../words'
import { CoverageList } from './coverage-list'

/** What can be done with a checkpoint, and all that is known of it. */
export function CheckpointDetail({ checkpoint, isCurrent, actions }: { readonly checkpoint: Checkpoint; readonly isCurrent: boolean; readonly actions: CheckpointActions }) {
  const { queries } = useServices()
  const [renaming, setRenaming] = useState(false)
  const detail = useQuery(queries.checkpoint(checkpoint.id))
  const { parentId } = checkpoint
  return (
    <div role="group" aria-label={`Checkpoint ${checkpoint.title}`} className="flex flex-col gap-2 border-b border-line bg-surface px-3 py-2">
      {renaming
        ? <Rename checkpoint={checkpoint} onDone={() => setRenaming(false)} />
        : (
          <div className="flex flex-wrap items-center gap-1.5">
            <Button small tone="primary" onClick={() => actions.onRestore({ kind: 'checkpoint', sessionId: checkpoint.sessionId, checkpoint })}>
              <RotateCcw aria-hidden className="size-3.5" />Restore…
            </Button>
            <Button small onClick={() => actions.onCompare(checkpoint.id, 'now')}><GitCompare aria-hidden className="size-3.5" />Compare with now</Button>
            <Button small onClick={() => actions.onBranch(checkpoint)}><GitBranchPlus aria-hidden className="size-3.5" />Branch…</Button>
            <More checkpoint={checkpoint} onRename={() => setRenaming(true)} onCompareParent={parentId === null ? null : () => actions.onCompare(parentId, checkpoint.id)} />
          </div>
        )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 text-xs">
        <Fact name="When" value={formatTime(checkpoint.at)} />
        <Fact name="Changed" value={changesText(checkpoint) ?? 'not counted'} />
        {checkpoint.costUsd !== null && <Fact name="Cost" value={`${formatCost(checkpoint.costUsd)}, until here in its turn`} />}
        <Fact name="Stored" value={formatBytes(checkpoint.storedBytes)} />
        {isCurrent && <Fact name="State" value="The session stands here" />}
      </dl>
      {detail.isPending && <Skeleton rows={3} label="Loading what it covers" />}
      {detail.error !== null && <ErrorNote error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.data !== undefined && <CoverageList coverage={detail.data.coverage} />}
    </div>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words tabular-nums">{value}</dd>
    </>
  )
}

function More({ checkpoint, onRename, onCompareParent }: { readonly checkpoint: Checkpoint; readonly onRename: () => void; readonly onCompareParent: (() => void) | null }) {
  const { orpc } = useServices()
  const patch = useMutation(orpc.checkpoints.patch.mutationOptions())
  const remove = useMutation(orpc.checkpoints.remove.mutationOptions())
  return (
    <Menu label="More about this checkpoint" trigger={<IconButton label="More" icon={<MoreHorizontal />} />}>
      {onCompareParent !== null && <MenuItem icon={<GitCompare />} onSelect={onCompareParent}>Compare with the one before</MenuItem>}
      <MenuItem icon={checkpoint.pinned ? <PinOff /> : <Pin />} onSelect={() => patch.mutate({ id: checkpoint.id, pinned: !checkpoint.pinned })}>
        {checkpoint.pinned ? 'Unpin' : 'Pin: never prune'}
      </MenuItem>
      <MenuItem icon={<Pencil />} onSelect={onRename}>Rename</MenuItem>
      <MenuItem icon={<Trash2 />} danger onSelect={() => remove.mutate({ id: checkpoint.id })}>Forget this checkpoint</MenuItem>
    </Menu>
  )
}

function Rename({ checkpoint, onDone }: { readonly checkpoint: Checkpoint; readonly onDone: () => void }) {
  const { orpc } = useServices()
  const [title, setTitle] = useState(checkpoint.title)
  const patch = useMutation(orpc.checkpoints.patch.mutationOptions({ onSuccess: onDone }))
  return (
    <form
      className="flex gap-1.5"
      onSubmit={(event) => {
        event.preventDefault()
        if (title.trim() !== '') patch.mutate({ id: checkpoint.id, title: title.trim() })
      }}
    >
      <input
        aria-label="New name" autoFocus maxLength={200} value={title} className={inputStyle}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onDone()}
      />
      <Button type="submit" tone="primary" disabled={title.trim() === '' || patch.isPending}>Save</Button>
      <Button onClick={onDone}>Cancel</Button>
    </form>
  )
}
