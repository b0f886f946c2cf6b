import { useMutation } from '@tanstack/react-query'
import type { Session } from '#contract/sessions'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { useServices } from '../../lib/services'

/** For what is in the bin already: after this nothing brings it back. */
export function DeleteDialog({ session, onClose, onDeleted }: { readonly session: Session; readonly onClose: () => void; readonly onDeleted: () => void }) {
  const { orpc } = useServices()
  const remove = useMutation(orpc.sessions.remove.mutationOptions({
    onSuccess: () => {
      onDeleted()
      onClose()
    },
  }))
  return (
    <Dialog
      alert
      title="Delete this session for good?"
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onClick={onClose}>Keep it</Button>
          <Button tone="danger" disabled={remove.isPending} onClick={() => remove.mutate({ id: session.id })}>Delete for good</Button>
        </>
      }
    >
      <p className="break-words">“{session.title}” and all its messages, branches, attachments and runs are deleted. This cannot be undone.</p>
      <p className="mt-2 text-muted">Files in the folder stay as they are.</p>
    </Dialog>
  )
}
