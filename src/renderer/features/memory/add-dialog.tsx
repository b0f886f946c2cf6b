import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type MemoryItem, MemoryKindSchema } from '#contract/memory'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { ErrorNote } from '../../components/feedback'
import { inputStyle, SelectField } from '../../components/field'
import { kindWords } from '../../components/memory/words'
import { classNames } from '../../lib/class-names'
import { useServices } from '../../lib/services'
import type { MemoryPlaces } from './places'
import { noSolution, SolutionFields, solutionOf } from './solution-fields'

/** Something that a person has remembered. */
export function AddDialog({ places, onClose, onAdded }: { readonly places: MemoryPlaces; readonly onClose: () => void; readonly onAdded: (id: string) => void }) {
  const { orpc } = useServices()
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [kind, setKind] = useState<MemoryItem['kind']>('fragment')
  const [solution, setSolution] = useState(noSolution)
  const [where, setWhere] = useState(places.workspaceId ?? '')
  const save = useMutation(orpc.memory.save.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ item }) => {
      void client.invalidateQueries({ queryKey: orpc.memory.key() })
      onAdded(item.id)
    },
  }))
  const submit = (): void => save.mutate({ text: text.trim(), kind, ...(kind === 'solution' && { solution: solutionOf(solution) }), ...(where === '' ? { scope: 'user' as const } : { scope: 'workspace' as const, workspaceId: where }) })
  return (
    <Dialog title="Remember something" onClose={onClose} actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={text.trim() === '' || save.isPending} onClick={submit}>Remember</Button></>}>
      <div className="flex flex-col gap-3">
        <label className="flex flex-col gap-1 text-sm font-medium">
          What
          <textarea
            value={text} rows={4} autoFocus maxLength={20_000} className={classNames(inputStyle, 'h-auto py-1.5 font-normal')} onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim() !== '' && submit()}
          />
        </label>
        <SelectField label="Kind" value={kind} choices={MemoryKindSchema.options.map((value) => ({ value, label: kindWords[value] }))} onChange={setKind} />
        {kind === 'solution' && <SolutionFields draft={solution} onChange={setSolution} />}
        <SelectField label="Counts" value={where} choices={[{ value: '', label: 'Everywhere' }, ...places.workspaces.map(({ id, name }) => ({ value: id, label: `In ${name}` }))]} onChange={setWhere} />
        {save.error !== null && <ErrorNote error={save.error} />}
      </div>
    </Dialog>
  )
}
