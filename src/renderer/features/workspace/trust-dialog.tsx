import { useMutation } from '@tanstack/react-query'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { useServices } from '../../lib/services'

const words = {
  ask: { title: 'Do you trust this folder?', no: 'Keep read-only', yes: 'Trust this folder' },
  review: { title: 'You trust this folder', no: 'Make read-only', yes: 'Keep trusting' },
} as const

/** Asks whether a folder is trusted, or whether it goes on being so. Escape leaves it as it is. */
export function TrustDialog({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) {
  const { orpc, cache } = useServices()
  const trust = useMutation(orpc.workspaces.trust.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (next) => {
      cache.workspace(next)
      onClose()
    },
  }))
  const { title, no, yes } = words[workspace.trusted ? 'review' : 'ask']
  const decide = (trusted: boolean): void => {
    if (trusted === workspace.trusted) onClose()
    else trust.mutate({ id: workspace.id, trusted })
  }
  return (
    <Dialog
      alert
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus disabled={trust.isPending} onClick={() => decide(false)}>{no}</Button>
          <Button tone="primary" disabled={trust.isPending} onClick={() => decide(true)}>{yes}</Button>
        </>
      }
    >
      <p className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs break-all">{workspace.path}</p>
      <p className="mt-3">In a trusted folder agents may work: write files and run commands, as far as the mode and your answers allow, and Trestle reads the folder’s own settings.</p>
      <p className="mt-2 text-muted">In a read-only one, agents can look at its files and nothing else. Trust only folders whose contents you know. You can decide anew at any time in the status bar.</p>
      {trust.error !== null && <ErrorNote error={trust.error} className="mt-3" />}
    </Dialog>
  )
}
