import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AccessScope } from '#contract/access'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { SelectField, TextField } from '../../components/field'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'

const DAY_MS = 24 * 60 * 60_000
const scopes: readonly { readonly value: AccessScope; readonly label: string }[] = [{ value: 'read', label: 'Only read' }, { value: 'all', label: 'Everything but tokens' }]
const spans = [{ value: '30', label: 'For 30 days' }, { value: '1', label: 'For a day' }, { value: '365', label: 'For a year' }, { value: '', label: 'Until it is revoked' }]

/** Tokens for scripts and other programs. A value is shown once, right after it was made. */
export function AccessSettings() {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const tokens = useQuery(orpc.access.list.queryOptions({ input: {} }))
  const renew = () => queryClient.invalidateQueries({ queryKey: orpc.access.key() })
  const create = useMutation(orpc.access.create.mutationOptions({ meta: { shownInPlace: true }, onSuccess: renew }))
  const revoke = useMutation(orpc.access.revoke.mutationOptions({ onSuccess: renew }))
  const items = tokens.data?.items ?? []
  return (
    <div className="flex max-w-xl flex-col gap-4">
      {tokens.error !== null && <ErrorNote error={tokens.error} />}
      <NewToken busy={create.isPending} onCreate={(name, scope, days) => create.mutate({ name, scope, expiresAt: days === '' ? null : Date.now() + Number(days) * DAY_MS })} />
      {create.error !== null && <ErrorNote error={create.error} />}
      {create.data !== undefined && items.some(({ id }) => id === create.data.item.id) && <Made value={create.data.token} />}
      {tokens.data !== undefined && items.length === 0 && <p className="text-xs text-muted">No tokens yet. The one of the start opens everything.</p>}
      {items.length > 0 && (
        <ul aria-label="Tokens" className="flex flex-col gap-1">
          {items.map(({ id, name, scope, expiresAt, usedAt }) => (
            <li key={id} className="flex items-center gap-2 rounded-md border border-line px-2.5 py-1.5">
              <span className="min-w-0 flex-1 break-words">
                {name}
                <span className="block text-xs text-muted">{scope === 'read' ? 'Only read' : 'Everything but tokens'}, {expiresAt === null ? 'until it is revoked' : `until ${formatTime(expiresAt)}`}, {usedAt === null ? 'not used since Trestle was started' : `last used ${formatTime(usedAt)}`}</span>
              </span>
              <Button small disabled={revoke.isPending} aria-label={`Revoke ${name}`} onClick={() => revoke.mutate({ id })}>Revoke</Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function NewToken({ busy, onCreate }: { readonly busy: boolean; readonly onCreate: (name: string, scope: AccessScope, days: string) => void }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<AccessScope>('read')
  const [days, setDays] = useState('30')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (name.trim() === '') return
    onCreate(name.trim(), scope, days)
    setName('')
  }
  return (
    <form aria-label="New token" onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <TextField label="What it is for" maxLength={80} value={name} onChange={(event) => setName(event.target.value)} className="min-w-40 flex-1" />
      <SelectField label="It may" value={scope} choices={scopes} onChange={(value) => setScope(value === 'all' ? 'all' : 'read')} />
      <SelectField label="How long" value={days} choices={spans} onChange={setDays} />
      <Button type="submit" disabled={busy || name.trim() === ''}>Make token</Button>
    </form>
  )
}

function Made({ value }: { readonly value: string }) {
  return (
    <div role="status" className="rounded-md border border-line bg-raised px-2.5 py-2">
      <p className="text-xs text-muted">Copy it now: it is not shown again.</p>
      <input readOnly aria-label="The new token" value={value} onFocus={(event) => event.target.select()} className="mt-1 w-full rounded-md border border-line bg-surface px-2 py-1 font-mono text-xs" />
    </div>
  )
}
