import { useMutation } from '@tanstack/react-query'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { useServices } from '../../lib/services'

/** Asks whether a folder is trusted. Closing it in any way leaves the folder as it is: read-only. */
export function TrustDialog({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) {
  const { orpc, cache } = useServices()
  const trust = useMutation(orpc.workspaces.trust.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (next) => {
      cache.workspace(next)
      onClose()
    },
  }))
  return (
    <Dialog
      alert
      title="Do you trust this folder?"
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onClick={onClose}>Keep read-only</Button>
          <Button tone="primary" disabled={trust.isPending} onClick={() => trust.mutate({ id: workspace.id, trusted: true })}>Trust this folder</Button>
        </>
      }
    >
      <p className="rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs break-all">{workspace.path}</p>
      <p className="mt-3">If you trust it, agents may work in it: write files and run commands, as far as the mode and your answers allow, and Trestle reads the folder’s own settings.</p>
      <p className="mt-2 text-muted">If you keep it read-only, agents can look at its files and nothing else. Trust only folders whose contents you know. You can decide anew at any time in the status bar.</p>
      {trust.error !== null && <ErrorNote error={trust.error} className="mt-3" />}
    </Dialog>
  )
}
