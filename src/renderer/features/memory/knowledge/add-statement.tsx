import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { KnownEntity } from '#contract/knowledge'
import type { StatementInput } from '#contract/statements'
import { Button } from '../../../components/button'
import { Dialog } from '../../../components/dialog'
import { ErrorNote } from '../../../components/feedback'
import { SelectField, TextField } from '../../../components/field'
import { useServices } from '../../../lib/services'
import type { MemoryPlaces } from '../places'

const kinds = [{ value: 'fact', label: 'A fact' }, { value: 'relation', label: 'How it relates to something' }, { value: 'entity', label: 'Other names of it' }] as const
const days = [{ value: '', label: 'For good' }, { value: '1', label: 'For a day' }, { value: '7', label: 'For a week' }, { value: '30', label: 'For 30 days' }, { value: '365', label: 'For a year' }] as const
const empty = { name: '', type: '', what: '', value: '', where: '' }

/** A fact, a relation or other names of a thing, noted as an item of the memory. */
export function AddStatement({ places, about, onClose }: { readonly places: MemoryPlaces; readonly about: KnownEntity | null; readonly onClose: () => void }) {
  const { orpc } = useServices()
  const [kind, setKind] = useState<(typeof kinds)[number]['value']>('fact')
  const [draft, setDraft] = useState({ ...empty, name: about?.name ?? '', type: about?.type ?? '', where: places.workspaceId ?? '' })
  const [lasts, setLasts] = useState<(typeof days)[number]['value']>('')
  const add = useMutation(orpc.knowledge.add.mutationOptions({ meta: { shownInPlace: true }, onSuccess: onClose }))
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change })
  const statement = statementOf(kind, draft)
  const submit = (): void => {
    if (statement === null || add.isPending) return
    add.mutate({
      statements: [statement], ...(draft.where === '' ? { scope: 'user' as const } : { scope: 'workspace' as const, workspaceId: draft.where }), ...(lasts !== '' && { ttlSeconds: Number(lasts) * 86_400 }),
    })
  }
  return (
    <Dialog title="Note what is known" onClose={onClose} actions={<><Button onClick={onClose}>Cancel</Button><Button tone="primary" disabled={statement === null || add.isPending} onClick={submit}>Note</Button></>}>
      <form
        className="grid grid-cols-2 gap-3" onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <TextField label="Thing" value={draft.name} maxLength={120} autoFocus placeholder="Harbour server" onChange={(event) => set({ name: event.target.value })} />
        <TextField label="Type" value={draft.type} maxLength={40} placeholder="service, person, place…" onChange={(event) => set({ type: event.target.value })} />
        <SelectField label="What" value={kind} choices={kinds} onChange={setKind} />
        {kind !== 'entity' && <TextField label={kind === 'fact' ? 'Attribute' : 'Relation'} value={draft.what} maxLength={80} placeholder={kind === 'fact' ? 'port' : 'runs on'} onChange={(event) => set({ what: event.target.value })} />}
        <TextField
          label={kind === 'fact' ? 'Value' : kind === 'relation' ? 'Other thing' : 'Other names'} value={draft.value} maxLength={kind === 'fact' ? 2_000 : 300} className="col-span-2"
          hint={kind === 'fact' ? 'Another value of the same attribute takes the place of the one before.' : kind === 'entity' ? 'Separated by commas.' : null} onChange={(event) => set({ value: event.target.value })}
        />
        <SelectField label="Counts" value={draft.where} choices={[{ value: '', label: 'Everywhere' }, ...places.workspaces.map(({ id, name }) => ({ value: id, label: `In ${name}` }))]} onChange={(where) => set({ where })} />
        <SelectField label="Holds" value={lasts} choices={days} onChange={setLasts} />
        {/* Enter in any field notes it. */}
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
      {add.error !== null && <ErrorNote error={add.error} className="mt-2" />}
    </Dialog>
  )
}

function statementOf(kind: 'fact' | 'relation' | 'entity', { name, type, what, value }: typeof empty): StatementInput | null {
  const about = { name: name.trim(), type: type.trim() }
  if (about.name === '' || value.trim() === '') return null
  if (kind === 'entity') return { kind, about, aliases: value.split(',').map((alias) => alias.trim()).filter((alias) => alias !== '').slice(0, 10) }
  if (what.trim() === '') return null
  return kind === 'fact' ? { kind, about, attribute: what.trim(), value: value.trim() } : { kind, from: about, type: what.trim(), to: { name: value.trim() } }
}
