import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { KeyState, Provider, ProviderKey } from '#contract/models'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { KeyEditor } from './key-editor'
import { keyName } from './key-name'
import { TestResult } from './test-result'
import { useRenew } from './use-renew'

const states: Readonly<Record<KeyState, string>> = {
  untried: '', works: 'works', refused: 'was refused', limited: 'is limited', no_credit: 'has no credit', missing: 'has no value any more: enter it again',
}

export function KeyRow({ provider, item, hasSeveral, workspace }: { readonly provider: Provider; readonly item: ProviderKey; readonly hasSeveral: boolean; readonly workspace: Workspace | null }) {
  const { orpc } = useServices()
  const onSettled = useRenew()
  const test = useMutation(orpc.providers.testKey.mutationOptions({ meta: { shownInPlace: true }, onSettled }))
  const change = useMutation(orpc.providers.changeKey.mutationOptions({ meta: { shownInPlace: true }, onSettled }))
  const drop = useMutation(orpc.providers.dropKey.mutationOptions({ meta: { shownInPlace: true }, onSettled }))
  const [editing, setEditing] = useState(false)
  const [isSure, setSure] = useState(false)
  const name = keyName(item)
  const ids = { id: provider.id, keyId: item.id }
  const error = change.error ?? drop.error
  return (
    <li aria-label={name} className="flex flex-col gap-2 p-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-40 flex-1">
          <p className="break-words">{name}</p>
          <p className="text-xs text-muted">
            {placeWords(provider, item, workspace)}
            {states[item.state] !== '' && <span className={item.state === 'works' ? 'text-success' : 'text-danger'}> · {states[item.state]}{item.until !== null && ` until ${formatTime(item.until)}`}</span>}
          </p>
        </div>
        <Button small aria-label={`Test ${name}`} disabled={test.isPending || item.state === 'missing'} onClick={() => test.mutate(ids)}>{test.isPending ? 'Testing…' : 'Test'}</Button>
        {!item.fromEnvironment && <Button small aria-label={`Change ${name}`} aria-expanded={editing} onClick={() => setEditing(!editing)}>Change</Button>}
        {!item.fromEnvironment && (
          <Button small tone={isSure ? 'danger' : 'quiet'} aria-label={isSure ? `Remove ${name} for good` : `Remove ${name}`} disabled={drop.isPending} onBlur={() => setSure(false)} onClick={() => (isSure ? drop.mutate(ids) : setSure(true))}>
            {isSure ? 'Remove for good' : 'Remove'}
          </Button>
        )}
      </div>
      {hasSeveral && !item.fromEnvironment && (
        <label className="flex items-center gap-2 text-xs">
          <input type="checkbox" className="accent-accent" checked={item.standsIn} disabled={change.isPending} onChange={(event) => change.mutate({ ...ids, standsIn: event.target.checked })} />
          May be used when another key is refused or limited
        </label>
      )}
      <TestResult result={test.data} error={test.error} />
      {error !== null && <ErrorNote error={error} />}
      {editing && <KeyEditor provider={provider} item={item} onDone={() => setEditing(false)} />}
    </li>
  )
}

function placeWords({ key }: Provider, { fromEnvironment, isDefault, workspaceIds }: ProviderKey, workspace: Workspace | null): string {
  const place = fromEnvironment ? 'From the environment' : key === 'session' ? 'In memory, until Trestle stops' : 'In the keychain'
  const others = workspaceIds.filter((id) => id !== workspace?.id).length
  const used = [
    ...(isDefault ? ['used by default'] : []),
    ...(workspace && workspaceIds.includes(workspace.id) ? [`used in ${workspace.name}`] : []),
    ...(others > 0 ? [`used in ${others} ${others === 1 ? 'folder' : 'folders'}${workspace && workspaceIds.length > others ? ' more' : ''}`] : []),
  ]
  return [place, ...used].join(' · ')
}
