import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { useServices } from '../../lib/services'
import { WorkspaceSettings } from './workspace-settings'

/** Every folder that was opened: whether it is trusted, what may run in it without asking, what was deleted from it. */
export function FolderSettings({ current }: { readonly current: Workspace | null }) {
  const { queries } = useServices()
  const workspaces = useQuery(queries.workspaces())
  const [openId, setOpenId] = useState(current?.id ?? null)
  const items = workspaces.data?.items ?? []
  return (
    <div className="flex flex-col gap-3">
      {workspaces.isPending && <Skeleton rows={4} label="Loading the folders" />}
      {workspaces.error !== null && <ErrorNote error={workspaces.error} onRetry={() => void workspaces.refetch()} />}
      {workspaces.isSuccess && items.length === 0 && <p className="text-muted">No folder was opened yet. Agents work only in folders that you open.</p>}
      <ul aria-label="Folders" className="flex flex-col gap-2">
        {items.map((workspace) => (
          <FolderRow key={workspace.id} workspace={workspace} isOpen={workspace.id === openId} onToggle={() => setOpenId(workspace.id === openId ? null : workspace.id)} />
        ))}
      </ul>
    </div>
  )
}

function FolderRow({ workspace, isOpen, onToggle }: { readonly workspace: Workspace; readonly isOpen: boolean; readonly onToggle: () => void }) {
  const { orpc, queries } = useServices()
  const queryClient = useQueryClient()
  const forget = useMutation(orpc.workspaces.remove.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queries.workspaces().queryKey }),
  }))
  const { name, path, trusted, available } = workspace
  return (
    <li aria-label={name} className="rounded-md border border-line">
      <div className="flex flex-wrap items-center gap-2 p-3">
        {trusted ? <LockOpen aria-hidden className="size-4 text-muted" /> : <Lock aria-hidden className="size-4 text-warning" />}
        <div className="min-w-40 flex-1">
          <h3 className="font-medium">{name} <span className="font-normal text-muted">{trusted ? 'Trusted' : 'Read-only'}{!available && ', cannot be reached'}</span></h3>
          <p className="font-mono text-xs break-all text-muted">{path}</p>
        </div>
        <Button small aria-expanded={isOpen} onClick={onToggle}>{isOpen ? 'Close' : 'Trust, permissions, bin'}</Button>
        <Button small disabled={forget.isPending} onClick={() => forget.mutate({ id: workspace.id })}>Forget</Button>
      </div>
      {forget.error !== null && <ErrorNote error={forget.error} className="mx-3 mb-3" />}
      {isOpen && <div className="border-t border-line p-3"><WorkspaceSettings workspace={workspace} /></div>}
    </li>
  )
}
