import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type Settings, type SettingsPatch, WebSettingsSchema } from '#contract/settings'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { TextField } from '../../components/field'
import { errorMessage } from '../../lib/error-message'
import { useServices } from '../../lib/services'
import { SchemaForm } from './form/schema-form'

export function WebSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { search, searchUrl } = settings.web
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <SchemaForm schema={WebSettingsSchema} value={settings.web} onChange={(web) => onChange({ web })} />
      {search === 'none' && <p className="text-xs text-muted">Without a search, agents read pages whose addresses they know.</p>}
      {search === 'searxng' && searchUrl === null && <p role="status" className="text-xs text-warning">The search has no address yet, so agents are not offered it.</p>}
      {search !== 'none' && <SearchKey needed={search === 'brave'} />}
    </div>
  )
}

/** The key leaves this form only to the host, and never comes back. */
function SearchKey({ needed }: { readonly needed: boolean }) {
  const { orpc } = useServices()
  const queryClient = useQueryClient()
  const [key, setKey] = useState('')
  const state = useQuery(orpc.web.get.queryOptions({ input: {} }))
  const renew = () => queryClient.invalidateQueries({ queryKey: orpc.web.key() })
  const save = useMutation(orpc.web.setKey.mutationOptions({ meta: { shownInPlace: true }, onSuccess: async () => { setKey(''); await renew() } }))
  const remove = useMutation(orpc.web.removeKey.mutationOptions({ onSuccess: renew }))
  const test = useMutation(orpc.web.test.mutationOptions({ meta: { shownInPlace: true } }))
  const kept = state.data?.key ?? 'none'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (key.trim() !== '') save.mutate({ key: key.trim() })
  }
  return (
    <div className="flex flex-col gap-2">
      {needed && (
        <form onSubmit={submit} className="flex items-start gap-2">
          <TextField
            label="Key of the search"
            type="password"
            autoComplete="off"
            spellCheck={false}
            maxLength={1000}
            value={key}
            onChange={(event) => setKey(event.target.value)}
            hint={kept === 'none' ? 'No key yet.' : kept === 'keychain' ? 'A key is in the keychain.' : 'A key is in memory until Trestle stops.'}
            error={save.error === null ? null : errorMessage(save.error)}
            className="min-w-0 flex-1"
          />
          <Button type="submit" className="mt-6" disabled={key.trim() === '' || save.isPending}>Save key</Button>
        </form>
      )}
      <div className="flex gap-2">
        <Button small disabled={test.isPending} onClick={() => test.mutate({})}>{test.isPending ? 'Testing…' : 'Test the search'}</Button>
        {kept !== 'none' && <Button small disabled={remove.isPending} onClick={() => remove.mutate({})}>Remove key</Button>}
      </div>
      <div aria-live="polite" className="text-xs">
        {test.data?.ok === true && <p className="text-success">Works: {test.data.results} {test.data.results === 1 ? 'result' : 'results'} for “weather”.</p>}
        {test.data?.ok === false && <p className="text-danger">{test.data.error?.message}</p>}
      </div>
      {(state.error ?? test.error) !== null && <ErrorNote error={state.error ?? test.error} />}
    </div>
  )
}
