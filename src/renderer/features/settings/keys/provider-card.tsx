import { useState } from 'react'
import type { Provider } from '#contract/models'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { KeyChoices } from './key-choices'
import { KeyEditor } from './key-editor'
import { KeyRow } from './key-row'
import { TestProvider } from './test-provider'

/** A provider with its keys: which there are, how they are, which one is used where. */
export function ProviderCard({ provider, workspace, onForget }: { readonly provider: Provider; readonly workspace: Workspace | null; readonly onForget: (() => void) | null }) {
  const [adding, setAdding] = useState(false)
  const [isSure, setSure] = useState(false)
  const { id, name, baseUrl, keys, keyOptional } = provider
  const hasSeveral = keys.length > 1
  return (
    <li aria-label={name} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-40 flex-1">
          <h3 className="font-medium">{name}</h3>
          <p className="text-xs break-all text-muted">{[...(keys.length === 0 ? [keyOptional ? 'No key, and it may need none' : 'No key yet'] : []), ...(baseUrl === null ? [] : [baseUrl])].join(' · ')}</p>
        </div>
        <Button small aria-expanded={adding} onClick={() => setAdding(!adding)}>{keys.length === 0 ? 'Set key' : 'Add another key'}</Button>
        {onForget !== null && (
          <Button small tone={isSure ? 'danger' : 'plain'} onBlur={() => setSure(false)} onClick={() => (isSure || keys.length === 0 ? onForget() : setSure(true))}>{isSure ? 'Remove it with its keys' : 'Remove server'}</Button>
        )}
      </div>
      {keys.length === 0 && keyOptional && <TestProvider id={id} name={name} />}
      <ul aria-label={`Keys of ${name}`} className="flex flex-col divide-y divide-line rounded-md border border-line empty:hidden">
        {keys.map((key) => <KeyRow key={key.id} provider={provider} item={key} hasSeveral={hasSeveral} workspace={workspace} />)}
      </ul>
      {hasSeveral && <KeyChoices provider={provider} workspace={workspace} />}
      {adding && <KeyEditor provider={provider} item={null} onDone={() => setAdding(false)} />}
    </li>
  )
}
