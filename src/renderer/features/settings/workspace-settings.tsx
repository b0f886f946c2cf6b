import { useMutation, useQuery } from '@tanstack/react-query'
import { Lock, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'
import type { BinItem, Grant, Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { formatBytes, formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { FolderFile } from './folder-file'

/** Of the folder at hand: whether it is trusted, what may run in it without asking, what was deleted from it. */
export function WorkspaceSettings({ workspace }: { readonly workspace: Workspace }) {
  return (
    <div className="flex flex-col gap-5">
      <Trust workspace={workspace} />
      <FolderFile key={String(workspace.trusted)} workspaceId={workspace.id} />
      <Grants workspaceId={workspace.id} />
      <Bin workspaceId={workspace.id} />
    </div>
  )
}

function Trust({ workspace }: { readonly workspace: Workspace }) {
  const { orpc, cache } = useServices()
  const trust = useMutation(orpc.workspaces.trust.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (next) => cache.workspace(next) }))
  const { trusted } = workspace
  return (
    <Section title="Trust" note="What agents may do here at all.">
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line p-3">
        {trusted ? <LockOpen aria-hidden className="size-4 text-muted" /> : <Lock aria-hidden className="size-4 text-warning" />}
        <p className="min-w-52 flex-1">
          <span className="font-medium">{trusted ? 'Trusted.' : 'Read-only.'}</span>{' '}
          <span className="text-muted">
            {trusted
              ? 'Agents may write files and run commands, as far as the mode and your answers allow.'
              : 'Agents can look at its files and nothing else. Trust it only if you know what is in it.'}
          </span>
        </p>
        <Button disabled={trust.isPending} onClick={() => trust.mutate({ id: workspace.id, trusted: !trusted })}>
          {trusted ? 'Make read-only' : 'Trust this folder'}
        </Button>
      </div>
      {trust.error !== null && <ErrorNote error={trust.error} />}
    </Section>
  )
}

function Grants({ workspaceId }: { readonly workspaceId: string }) {
  const { orpc } = useServices()
  const grants = useQuery(orpc.workspaces.grants.queryOptions({ input: { id: workspaceId }, staleTime: 0 }))
  const revoke = useMutation(orpc.workspaces.revokeGrant.mutationOptions({ meta: { shownInPlace: true }, onSettled: () => grants.refetch() }))
  return (
    <Section title="Runs without asking" note="Calls that you allowed for good, or for a session. Revoked, they ask again.">
      {grants.isPending && <Skeleton rows={2} label="Loading what is allowed" />}
      {grants.error !== null && <ErrorNote error={grants.error} onRetry={() => void grants.refetch()} />}
      {grants.data?.items.length === 0 && <p className="text-muted">Nothing. Every call that its mode does not allow asks you.</p>}
      <ul aria-label="Runs without asking" className="flex flex-col">
        {grants.data?.items.map((grant) => (
          <Item key={grant.id} name={grant.toolName} note={describeGrant(grant)}>
            <Button small disabled={revoke.isPending} aria-label={`Revoke ${grant.toolName}`} onClick={() => revoke.mutate({ id: grant.id })}>Revoke</Button>
          </Item>
        ))}
      </ul>
      {revoke.error !== null && <ErrorNote error={revoke.error} />}
    </Section>
  )
}

function describeGrant({ scope, pattern, expiresAt, createdAt }: Grant): string {
  const where = scope === 'workspace' ? 'Always in this folder' : 'In one session'
  return `${where}${pattern === null ? '' : `, ${pattern} only`}${expiresAt === null ? '' : `, until ${formatTime(expiresAt)}`}, allowed ${formatTime(createdAt)}`
}

const maxBinItems = 200

function Bin({ workspaceId }: { readonly workspaceId: string }) {
  const { orpc, toasts } = useServices()
  const bin = useQuery(orpc.workspaces.bin.queryOptions({ input: { id: workspaceId }, staleTime: 0 }))
  const restore = useMutation(orpc.workspaces.restoreFromBin.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (item) => toasts.info(`${item.path} was put back.`),
    onSettled: () => bin.refetch(),
  }))
  const items = bin.data?.items ?? []
  return (
    <Section title="Bin" note="What agents deleted here. Nothing is put over a file that is there now.">
      {bin.isPending && <Skeleton rows={2} label="Loading the bin" />}
      {bin.error !== null && <ErrorNote error={bin.error} onRetry={() => void bin.refetch()} />}
      {bin.isSuccess && items.length === 0 && <p className="text-muted">Empty. Files that an agent deletes are kept here.</p>}
      {restore.error !== null && <ErrorNote error={restore.error} />}
      <ul aria-label="Bin" className="flex flex-col">
        {items.slice(0, maxBinItems).map((item) => (
          <Item key={item.id} name={item.path} note={describeItem(item)}>
            <Button small disabled={restore.isPending} aria-label={`Put back ${item.path}`} onClick={() => restore.mutate({ id: item.id })}>Put back</Button>
          </Item>
        ))}
      </ul>
      {items.length > maxBinItems && <p className="text-muted">The newest {maxBinItems} of {items.length}.</p>}
    </Section>
  )
}

function describeItem({ bytes, deletedAt }: BinItem): string {
  return `${formatBytes(bytes)}, deleted ${formatTime(deletedAt)}`
}

function Section({ title, note, children }: { readonly title: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <div>
        <h3 className="font-semibold">{title}</h3>
        <p className="text-xs text-muted">{note}</p>
      </div>
      {children}
    </section>
  )
}

function Item({ name, note, children }: { readonly name: string; readonly note: string; readonly children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 border-b border-line py-1.5 last:border-0">
      <div className="min-w-0 flex-1">
        <p className="font-mono text-xs break-all">{name}</p>
        <p className="text-xs text-muted">{note}</p>
      </div>
      {children}
    </li>
  )
}
