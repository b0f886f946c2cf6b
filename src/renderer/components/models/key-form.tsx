import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { errorMessage } from '../../lib/error-message'
import { useServices } from '../../lib/services'
import { Button } from '../button'
import { TextField } from '../field'

/** Stores a key for a provider and tries it at once. The key leaves this form only to the host, and never comes back. */
export function KeyForm({ providerId, label, submitLabel = 'Save and test', autoFocus = false, onReady }: {
  readonly providerId: string
  readonly label: string
  readonly submitLabel?: string
  readonly autoFocus?: boolean
  /** The provider accepted the key. */
  readonly onReady?: () => void
}) {
  const { client, orpc } = useServices()
  const queryClient = useQueryClient()
  const [key, setKey] = useState('')
  const save = useMutation({
    meta: { shownInPlace: true },
    mutationFn: async () => {
      await client.providers.setKey({ id: providerId, key: key.trim() })
      setKey('')
      const test = await client.providers.test({ id: providerId })
      if (test.ok) await client.models.refresh({})
      await queryClient.invalidateQueries({ queryKey: orpc.models.key() })
      await queryClient.invalidateQueries({ queryKey: orpc.providers.list.key() })
      return test
    },
    onSuccess: (test) => test.ok && onReady?.(),
  })
  const failure = save.error === null ? (save.data?.ok === false ? (save.data.error?.message ?? 'The provider did not accept the key.') : null) : errorMessage(save.error)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (key.trim() !== '') save.mutate()
  }
  return (
    <form onSubmit={submit} className="flex items-start gap-2">
      <TextField
        label={label}
        type="password"
        autoComplete="off"
        spellCheck={false}
        autoFocus={autoFocus}
        maxLength={1000}
        value={key}
        onChange={(event) => setKey(event.target.value)}
        hint={save.data?.ok === true ? `Works: ${save.data.models} models.` : undefined}
        error={failure}
        className="min-w-0 flex-1"
      />
      <Button type="submit" tone="primary" className="mt-6" disabled={key.trim() === '' || save.isPending}>{save.isPending ? 'Testing…' : submitLabel}</Button>
    </form>
  )
}
