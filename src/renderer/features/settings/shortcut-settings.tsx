import { Plus, RotateCcw, X } from 'lucide-react'
import { useMemo, useState } from 'react'
import { commandCatalogue, commandGroups, type CommandId, commandIds } from '#contract/commands'
import type { Settings, SettingsPatch } from '#contract/settings'
import { Button, IconButton } from '../../components/button'
import { inputStyle } from '../../components/field'
import { Keys } from '../../components/keys'
import { type Bindings, createBindings, withKeys } from '../../lib/commands/bindings'
import { keysText } from '../../lib/commands/keys'
import { useServices } from '../../lib/services'
import { KeyRecorder } from './key-recorder'

const maxKeys = 4

/** Every command with its shortcuts; each can be changed, added to, taken away, and put back. */
export function ShortcutSettings({ settings, onChange }: { readonly settings: Settings; readonly onChange: (patch: SettingsPatch) => void }) {
  const { machine } = useServices()
  const bindings = useMemo(() => createBindings(settings.shortcuts, machine), [settings.shortcuts, machine])
  const [search, setSearch] = useState('')
  const words = search.trim().toLowerCase()
  const isFound = (id: CommandId): boolean =>
    `${commandCatalogue[id].title} ${bindings.keysOf(id).map((keys) => keysText(keys, machine.isMac)).join(' ')}`.toLowerCase().includes(words)
  const groups = commandGroups
    .map((group) => ({ group, ids: commandIds.filter((id) => commandCatalogue[id].group === group && isFound(id)) }))
    .filter(({ ids }) => ids.length > 0)
  const isChanged = Object.keys(settings.shortcuts).length > 0
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <input type="search" aria-label="Search shortcuts" placeholder="Search by name or keys" value={search} onChange={(event) => setSearch(event.target.value)} className={inputStyle} />
        <Button disabled={!isChanged} onClick={() => onChange({ shortcuts: {} })}>Reset all</Button>
      </div>
      {groups.length === 0 && <p className="text-muted">No command has this in its name or its keys.</p>}
      {groups.map(({ group, ids }) => (
        <section key={group} aria-label={group}>
          <h3 className="mb-1 text-xs font-semibold text-muted">{group}</h3>
          <ul>{ids.map((id) => <ShortcutRow key={id} id={id} bindings={bindings} settings={settings} onChange={onChange} />)}</ul>
        </section>
      ))}
    </div>
  )
}

function ShortcutRow({ id, bindings, settings, onChange }: {
  readonly id: CommandId
  readonly bindings: Bindings
  readonly settings: Settings
  readonly onChange: (patch: SettingsPatch) => void
}) {
  const { machine } = useServices()
  const [recording, setRecording] = useState(false)
  const { title } = commandCatalogue[id]
  const keys = bindings.keysOf(id)
  const conflicts = bindings.conflictsOf(id)
  const put = (next: readonly string[] | null): void => onChange({ shortcuts: withKeys(settings.shortcuts, id, next, machine) })
  const add = (added: string, takenFrom: CommandId | null): void => {
    const shortcuts = withKeys(settings.shortcuts, id, [...keys, added], machine)
    onChange({ shortcuts: takenFrom === null ? shortcuts : withKeys(shortcuts, takenFrom, bindings.keysOf(takenFrom).filter((other) => other !== added), machine) })
    setRecording(false)
  }
  return (
    <li aria-label={title} className="border-b border-line/60">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-40 flex-1">{title}</span>
        {keys.map((combination) => (
          <span key={combination} className="inline-flex items-center">
            <Keys keys={combination} />
            <IconButton label={`Remove ${keysText(combination, machine.isMac)} from ${title}`} icon={<X />} className="size-6 [&_svg]:size-3" onClick={() => put(keys.filter((other) => other !== combination))} />
          </span>
        ))}
        {keys.length === 0 && <span className="text-xs text-muted">No shortcut</span>}
        <IconButton label={`Add a shortcut for ${title}`} icon={<Plus />} disabled={keys.length >= maxKeys} aria-expanded={recording} onClick={() => setRecording(!recording)} />
        <IconButton label={`Reset ${title}`} icon={<RotateCcw />} disabled={bindings.isDefault(id)} onClick={() => put(null)} />
      </div>
      {conflicts.length > 0 && (
        <p className="text-xs text-warning">Also set for {conflicts.map((other) => `“${commandCatalogue[other].title}”`).join(', ')}; only one of them gets the keys.</p>
      )}
      {recording && <KeyRecorder id={id} bindings={bindings} onAdd={add} onClose={() => setRecording(false)} />}
    </li>
  )
}
