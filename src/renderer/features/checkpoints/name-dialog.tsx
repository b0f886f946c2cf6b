import { useState } from 'react'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { TextField } from '../../components/field'
import { useSaveCheckpoint } from './use-checkpoints'

/** Saves a checkpoint under a name. */
export function NameDialog({ sessionId, onClose }: { readonly sessionId: string; readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const { save, isPending } = useSaveCheckpoint(sessionId)
  const submit = async (): Promise<void> => {
    // A failure is told in a corner of the window; the dialog stays for another try.
    await save(name.trim() === '' ? null : name.trim()).then(onClose, () => undefined)
  }
  return (
    <Dialog
      title="Save a checkpoint"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={isPending} onClick={() => void submit()}>{isPending ? 'Saving…' : 'Save'}</Button>
        </>
      }
    >
      <TextField
        label="Name" autoFocus maxLength={200} value={name} placeholder="For instance: before the big change"
        hint="Files, conversation and all can come back to this point. It is pinned: pruning never takes it."
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && !isPending && void submit()}
      />
    </Dialog>
  )
}
