import { useMutation, useQuery } from '@tanstack/react-query'
import { GitCompare, MessageSquare, MoreHorizontal, PackageCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Branch } from '#contract/checkpoints'
import { Button, IconButton } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote } from '../../../components/feedback'
import { Menu, MenuItem } from '../../../components/menu'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'
import { plural } from '../words'

/** Branches made from this session, and the one that it is itself; from a scratch copy, the way back home. */
export function BranchList({ sessionId, actions }: { readonly sessionId: string; readonly actions: CheckpointActions }) {
  const { queries } = useServices()
  const branches = useQuery(queries.branches(sessionId))
  if (branches.error !== null) return <ErrorNote error={branches.error} onRetry={() => void branches.refetch()} className="m-2" />
  const items = branches.data?.items ?? []
  if (items.length === 0) return null
  return (
    <details className="shrink-0 border-b border-line" open={items.length <= 3}>
      <summary className="px-3 py-1.5 text-xs font-semibold text-muted">{plural(items.length, 'branch', 'branches')}</summary>
      <ul aria-label="Branches" className="max-h-48 overflow-y-auto pb-1">
        {items.map((branch) => <BranchItem key={branch.id} branch={branch} isHere={branch.sessionId === sessionId} actions={actions} />)}
      </ul>
    </details>
  )
}

function BranchItem({ branch, isHere, actions }: { readonly branch: Branch; readonly isHere: boolean; readonly actions: CheckpointActions }) {
  const [removing, setRemoving] = useState(false)
  const isScratch = branch.where === 'scratch'
  return (
    <li className="flex items-center gap-1 px-3 py-0.5">
      <div className="min-w-0 flex-1">
        <p className="truncate">{branch.name}</p>
        <p className="truncate text-xs text-muted">
          {isScratch ? (isHere ? 'This session, a scratch copy' : 'In a scratch copy') : 'In this folder'}
          {branch.broughtHomeAt !== null && ` · brought home ${formatTime(branch.broughtHomeAt)}`}
        </p>
      </div>
      <Button small title="Side by side with the session it came from" onClick={() => actions.onCompareBranches(branch.id, 'origin')}>
        <GitCompare aria-hidden className="size-3.5" />Compare<span className="sr-only"> {branch.name}</span>
      </Button>
      {isScratch && (
        <Menu label={`More about ${branch.name}`} trigger={<IconButton label={`More about ${branch.name}`} title="More" icon={<MoreHorizontal />} />}>
          <MenuItem icon={<PackageCheck />} onSelect={() => actions.onRestore({ kind: 'bring-home', branch })}>Bring changes home…</MenuItem>
          <MenuItem icon={<MessageSquare />} onSelect={() => actions.onOpenSession(isHere ? branch.originSessionId : branch.sessionId)}>
            {isHere ? 'Open the session it came from' : 'Open its session'}
          </MenuItem>
          <MenuItem icon={<Trash2 />} danger onSelect={() => setRemoving(true)}>Remove…</MenuItem>
        </Menu>
      )}
      {removing && <RemoveBranch branch={branch} onClose={() => setRemoving(false)} />}
    </li>
  )
}

function RemoveBranch({ branch, onClose }: { readonly branch: Branch; readonly onClose: () => void }) {
  const { orpc, queries } = useServices()
  const remove = useMutation(orpc.branches.remove.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: async (_result, _input, _context, { client }) => {
      await client.invalidateQueries({ queryKey: queries.branches(branch.originSessionId).queryKey, exact: true })
      onClose()
    },
  }))
  return (
    <Dialog
      alert
      title={`Remove “${branch.name}”?`}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onClick={onClose}>Keep it</Button>
          <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate({ id: branch.id })}>Remove the branch</Button>
        </>
      }
    >
      <p>Its session and its copy of the folder are deleted for good. {branch.broughtHomeAt === null && 'Its changes were not brought home.'} Your own folder stays as it is.</p>
      {remove.error !== null && <ErrorNote error={remove.error} className="mt-3" />}
    </Dialog>
  )
}
