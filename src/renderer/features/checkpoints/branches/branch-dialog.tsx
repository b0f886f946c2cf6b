import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BranchInput, Checkpoint, CheckpointDetail } from '#contract/checkpoints'
import type { Mode } from '#contract/common'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote, Skeleton } from '../../../components/feedback'
import { inputStyle, SelectField, TextField } from '../../../components/field'
import { usableModels } from '../../../components/models/usable-models'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import { joinPrompt } from '../restore/join-prompt'

const modes: readonly { readonly value: Mode | ''; readonly label: string }[] = [
  { value: '', label: 'As in this session' },
  { value: 'ask', label: 'Ask' },
  { value: 'auto-edit', label: 'Auto-edit' },
  { value: 'sandboxed-auto', label: 'Sandboxed auto' },
  { value: 'plan', label: 'Plan' },
]
type Where = BranchInput['where']
const places: readonly { readonly value: Where; readonly label: string; readonly note: string }[] = [
  { value: 'scratch', label: 'In a scratch copy', note: 'A session and a copy of the folder of its own. Your folder stays as it is; compare both later and bring the better one home.' },
  { value: 'here', label: 'In place', note: 'The conversation and the files of this folder go back to the checkpoint. How it is now is kept in a checkpoint of its own.' },
]

/** Continues from a checkpoint, here or in a copy, with another model, mode or prompt. */
export function BranchDialog({ checkpoint, onClose, onOpenSession }: {
  readonly checkpoint: Checkpoint
  readonly onClose: () => void
  readonly onOpenSession: (sessionId: string) => void
}) {
  const { queries } = useServices()
  const detail = useQuery(queries.checkpoint(checkpoint.id))
  if (detail.data !== undefined) return <BranchForm checkpoint={detail.data} onClose={onClose} onOpenSession={onOpenSession} />
  return (
    <Dialog title="Branch" onClose={onClose}>
      {detail.error === null ? <Skeleton rows={6} label="Loading the checkpoint" /> : <ErrorNote error={detail.error} onRetry={() => void detail.refetch()} />}
    </Dialog>
  )
}

function BranchForm({ checkpoint, onClose, onOpenSession }: {
  readonly checkpoint: CheckpointDetail
  readonly onClose: () => void
  readonly onOpenSession: (sessionId: string) => void
}) {
  const { orpc, drafts, toasts } = useServices()
  const hasFiles = checkpoint.files === 'kept'
  const [where, setWhere] = useState<Where>(hasFiles ? 'scratch' : 'here')
  const [name, setName] = useState('')
  const [model, setModel] = useState('')
  const [mode, setMode] = useState<Mode | ''>('')
  const [text, setText] = useState(checkpoint.prompt ?? '')
  const branch = useMutation(orpc.checkpoints.branch.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: (made) => {
      const { sessionId } = made.branch
      if (made.runId === null && made.prompt !== null && text.trim() === '') drafts.set(sessionId, joinPrompt(made.prompt, drafts.get(sessionId)))
      toasts.info(made.branch.where === 'scratch' ? `“${made.branch.name}” works in a copy of the folder.` : 'Continues from the checkpoint; how it was is kept on its own branch.')
      onClose()
      onOpenSession(sessionId)
    },
  }))
  const submit = (): void => branch.mutate({
    id: checkpoint.id, where,
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(model === '' ? {} : { model }),
    ...(mode === '' ? {} : { mode }),
    ...(text.trim() === '' ? {} : { text }),
  })
  return (
    <Dialog
      title={`Branch from “${checkpoint.title}”`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" disabled={branch.isPending} onClick={submit}>
            {branch.isPending ? 'Copying…' : text.trim() === '' ? 'Create the branch' : 'Create and send'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {branch.error !== null && <ErrorNote error={branch.error} />}
        <Places where={where} hasFiles={hasFiles} onChange={setWhere} />
        <TextField label="Name" value={name} maxLength={200} placeholder={checkpoint.title} onChange={(event) => setName(event.target.value)} />
        <div className="grid grid-cols-2 gap-3">
          <ModelField model={model} onChange={setModel} />
          <SelectField label="Mode" value={mode} choices={modes} onChange={setMode} />
        </div>
        <PromptField text={text} onChange={setText} />
      </div>
    </Dialog>
  )
}

function Places({ where, hasFiles, onChange }: { readonly where: Where; readonly hasFiles: boolean; readonly onChange: (where: Where) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Where</legend>
      {places.map((place) => (
        <label key={place.value} className={classNames('flex items-start gap-2 rounded-md border px-3 py-2', where === place.value ? 'border-accent bg-accent-soft' : 'border-line')}>
          <input
            type="radio" name="where" className="mt-1 accent-accent" value={place.value} checked={where === place.value}
            disabled={place.value === 'scratch' && !hasFiles} onChange={() => onChange(place.value)}
          />
          <span>
            <span className="block font-medium">{place.label}</span>
            <span className="block text-xs text-muted">{place.value === 'scratch' && !hasFiles ? 'This checkpoint has no files to copy.' : place.note}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

function ModelField({ model, onChange }: { readonly model: string; readonly onChange: (model: string) => void }) {
  const { queries } = useServices()
  const settings = useQuery(queries.settings())
  const models = useQuery(queries.models())
  const usable = settings.data === undefined ? [] : usableModels(models.data?.items ?? [], settings.data)
  const choices = [{ value: '', label: 'As in this session' }, ...usable.map((item) => ({ value: item.id, label: `${item.name} (${item.provider})` }))]
  return <SelectField label="Model" value={model} choices={choices} onChange={onChange} />
}

function PromptField({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  return (
    <label className="flex flex-col gap-1">
      <span className="text-sm font-medium">Prompt</span>
      <textarea
        rows={4} value={text} onChange={(event) => onChange(event.target.value)}
        className={classNames(inputStyle, 'field-sizing-content h-auto max-h-56 min-h-20 resize-none py-1.5')}
      />
      <span className="text-xs text-muted">Sent at once on the new branch. Empty: nothing is sent yet.</span>
    </label>
  )
}
