import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type CompatibleProvider, CompatibleProviderSchema } from '#contract/settings'
import { errorMessage } from '../../lib/error-message'
import { useServices } from '../../lib/services'
import { Button } from '../button'
import { TextField } from '../field'
import { providerIdFrom } from './provider-id'

/** Adds an OpenAI-compatible server to the settings and tries it. With `onReady` called, its models can be used. */
export function useAddCompatible(onReady: (provider: CompatibleProvider) => void) {
  const { client, cache, orpc } = useServices()
  const queryClient = useQueryClient()
  return useMutation({
    meta: { shownInPlace: true },
    mutationFn: async ({ name, baseUrl, key, models }: { readonly name: string; readonly baseUrl: string; readonly key: string; readonly models: readonly string[] }) => {
      const { compatible } = await client.settings.get({})
      const known = compatible.find((item) => item.baseUrl === baseUrl)
      const id = known?.id ?? providerIdFrom(name, baseUrl, compatible.map((item) => item.id))
      const provider = CompatibleProviderSchema.parse({ id, name, baseUrl, models })
      cache.settings(await client.settings.put({ compatible: [...compatible.filter((item) => item.id !== id), provider] }))
      if (key.trim() !== '') await client.providers.setKey({ id, key: key.trim() })
      const test = await client.providers.test({ id })
      await client.models.refresh({})
      await queryClient.invalidateQueries({ queryKey: orpc.models.key() })
      await queryClient.invalidateQueries({ queryKey: orpc.providers.list.key() })
      return { provider, test }
    },
    onSuccess: ({ provider, test }) => test.ok && onReady(provider),
  })
}

export function CompatibleForm({ onReady }: { readonly onReady: (provider: CompatibleProvider) => void }) {
  const [baseUrl, setBaseUrl] = useState('')
  const [key, setKey] = useState('')
  const add = useAddCompatible(onReady)
  const isUrl = CompatibleProviderSchema.shape.baseUrl.safeParse(baseUrl.trim()).success
  const failure = add.error !== null
    ? errorMessage(add.error)
    : add.data?.test.ok === false ? (add.data.test.error?.message ?? 'The server did not answer as expected. Its address is kept in the settings.') : null
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isUrl) add.mutate({ name: new URL(baseUrl.trim()).host, baseUrl: baseUrl.trim(), key, models: [] })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <TextField
        label="Server address"
        type="url"
        inputMode="url"
        spellCheck={false}
        placeholder="http://127.0.0.1:8080/v1"
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.target.value)}
        hint="The address that ends in /v1 for most servers."
        error={baseUrl.trim() !== '' && !isUrl ? 'This is not an http or https address yet.' : failure}
      />
      <TextField label="Key (if the server needs one)" type="password" autoComplete="off" value={key} onChange={(event) => setKey(event.target.value)} />
      <Button type="submit" tone="primary" className="self-start" disabled={!isUrl || add.isPending}>{add.isPending ? 'Testing…' : 'Connect'}</Button>
    </form>
  )
}
