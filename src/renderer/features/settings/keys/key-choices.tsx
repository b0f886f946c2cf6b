import { useMutation } from '@tanstack/react-query'
import type { Provider } from '#contract/models'
import type { Workspace } from '#contract/workspaces'
import { ErrorNote } from '../../../components/feedback'
import { SelectField } from '../../../components/field'
import { useServices } from '../../../lib/services'
import { keyName } from './key-name'
import { useRenew } from './use-renew'

/** Which key is used: by default, and in the folder at hand. */
export function KeyChoices({ provider: { id, name, keys }, workspace }: { readonly provider: Provider; readonly workspace: Workspace | null }) {
  const { orpc } = useServices()
  const choose = useMutation(orpc.providers.chooseKey.mutationOptions({ meta: { shownInPlace: true }, onSettled: useRenew() }))
  const choices = keys.map((key) => ({ value: key.id, label: keyName(key) }))
  const here = workspace && keys.find(({ workspaceIds }) => workspaceIds.includes(workspace.id))
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField label={`Key of ${name} by default`} value={keys.find(({ isDefault }) => isDefault)?.id ?? ''} choices={choices} disabled={choose.isPending} onChange={(keyId) => choose.mutate({ id, keyId })} />
        {workspace !== null && (
          <SelectField
            label={`In ${workspace.name}`} value={here?.id ?? ''} choices={[{ value: '', label: 'Like by default' }, ...choices]} disabled={choose.isPending}
            onChange={(keyId) => choose.mutate({ id, workspaceId: workspace.id, keyId: keyId === '' ? null : keyId })}
          />
        )}
      </div>
      {choose.error !== null && <ErrorNote error={choose.error} />}
    </div>
  )
}
