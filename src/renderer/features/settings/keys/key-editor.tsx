import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Provider, ProviderKey, ProviderTest } from '#contract/models'
import { Button } from '../../../components/button'
import { TextField } from '../../../components/field'
import { errorMessage } from '../../../lib/error-message'
import { useServices } from '../../../lib/services'
import { useRenew } from './use-renew'

/** Keeps a new key, or changes one, and tries it at once. The value leaves this form only to the host, and never comes back. */
export function KeyEditor({ provider, item, onDone }: { readonly provider: Provider; readonly item: ProviderKey | null; readonly onDone: () => void }) {
  const { client, announcer } = useServices()
  const renew = useRenew()
  const [name, setName] = useState(item?.name ?? freeName(provider))
  const [key, setKey] = useState('')
  // A second try after a test that failed changes the same key.
  const [kept, setKept] = useState(item)
  const save = useMutation({
    meta: { shownInPlace: true },
    mutationFn: async (): Promise<ProviderTest | null> => {
      const value = key.trim()
      const { keys } = kept === null
        ? await client.providers.addKey({ id: provider.id, name: name.trim(), key: value })
        : await client.providers.changeKey({ id: provider.id, keyId: kept.id, name: name.trim(), ...(value !== '' && { key: value }) })
      setKey('')
      const own = keys.find((each) => (kept === null ? each.name === name.trim() : each.id === kept.id)) ?? null
      setKept(own)
      return value === '' || own === null ? null : client.providers.testKey({ id: provider.id, keyId: own.id })
    },
    onSettled: renew,
    onSuccess: (test) => {
      if (test?.ok === false) return
      announcer.say('Saved.')
      onDone()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  const failure = save.error === null ? (save.data?.ok === false ? `It is kept, but: ${save.data.error?.message ?? 'the provider did not accept it.'}` : null) : errorMessage(save.error)
  const isReady = name.trim() !== '' && (kept !== null || key.trim() !== '')
  return (
    <form aria-label={item === null ? `New key of ${provider.name}` : `Change ${item.name}`} onSubmit={submit} className="flex flex-col gap-2 rounded-md bg-canvas p-2.5">
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <TextField label="Name" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        <TextField
          label={item === null ? 'Key' : 'New value'} type="password" autoComplete="off" spellCheck={false} autoFocus maxLength={1000} value={key}
          hint={item === null ? undefined : 'Empty: the value stays.'} error={failure} onChange={(event) => setKey(event.target.value)}
        />
      </div>
      <div className="flex gap-2">
        <Button type="submit" small tone="primary" disabled={!isReady || save.isPending}>{save.isPending ? 'Testing…' : 'Save and test'}</Button>
        <Button small tone="quiet" onClick={onDone}>Close</Button>
      </div>
    </form>
  )
}

function freeName({ keys }: Provider): string {
  const taken = new Set(keys.map(({ name }) => name.toLowerCase()))
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'Key' : `Key ${number}`
    if (!taken.has(name.toLowerCase())) return name
  }
}
