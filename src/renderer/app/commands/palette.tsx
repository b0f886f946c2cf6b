import { Command } from 'cmdk'
import { useState } from 'react'
import { commandCatalogue, type CommandId, commandIds, isCommandId } from '#contract/commands'
import { Keys } from '../../components/keys'
import { Modal } from '../../components/modal'
import type { PaletteItem } from '../../lib/commands/registry'
import { useBindings } from '../../lib/commands/use-bindings'
import { useServices, useStore } from '../../lib/services'
import { rank } from './rank'
import { readRecent, rememberRecent } from './recent'

const groupStyle = '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-muted'
const maxRecent = 6
const maxFound = 100

interface Entry {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly note?: string
  readonly words?: string
  readonly keys?: string
  readonly onlyWhenSought: boolean
  readonly run: () => void
}

/** Everything that can be done now, found by its words. What was used last comes first. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { memory } = useServices()
  const [query, setQuery] = useState('')
  const [recentIds] = useState(() => readRecent(memory))
  const entries = useEntries()
  const isSought = query.trim() !== ''
  const found = isSought ? rank(entries, query).slice(0, maxFound) : []
  const recent = recentIds.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, maxRecent)
  const others = entries.filter((entry) => !entry.onlyWhenSought && !recent.includes(entry))
  const groups = [...new Set(others.map(({ group }) => group))]
  const [marked, setMarked] = useState('')
  const shown = isSought ? found : [...recent, ...others]
  const selected = shown.some(({ id }) => id === marked) ? marked : (shown[0]?.id ?? '')
  const pick = (entry: Entry): void => {
    rememberRecent(memory, entry.id)
    onClose()
    // The focus goes back to where it was before the command takes it elsewhere.
    setTimeout(entry.run)
  }
  return (
    <Modal label="Commands" onClose={onClose} onBeside={onClose} className="mx-auto mt-[10vh] mb-auto max-h-[72vh] w-[calc(100vw-2rem)] max-w-xl rounded-lg border border-line bg-raised p-0 shadow-float">
      <Command label="Commands" loop shouldFilter={false} value={selected} onValueChange={setMarked} className="flex max-h-[72vh] flex-col">
        <Command.Input
          autoFocus
          value={query}
          onValueChange={(next) => {
            setQuery(next)
            setMarked('')
          }}
          placeholder="What do you want to do?"
          className="h-11 w-full shrink-0 rounded-t-lg border-b border-line bg-transparent px-4 text-base outline-none focus-visible:border-accent"
        />
        <Command.List label="Commands" className="min-h-0 flex-1 overflow-y-auto p-1.5">
          {isSought && found.length === 0 && <p role="status" className="px-3 py-6 text-center text-muted">Nothing is called that. Try other words.</p>}
          {isSought && <Group heading={`${found.length} found`} entries={found} onPick={pick} />}
          {!isSought && recent.length > 0 && <Group heading="Used last" entries={recent} onPick={pick} />}
          {!isSought && groups.map((group) => <Group key={group} heading={group} entries={others.filter((entry) => entry.group === group)} onPick={pick} />)}
        </Command.List>
      </Command>
    </Modal>
  )
}

function Group({ heading, entries, onPick }: { readonly heading: string; readonly entries: readonly Entry[]; readonly onPick: (entry: Entry) => void }) {
  if (entries.length === 0) return null
  return <Command.Group heading={heading} className={groupStyle}>{entries.map((entry) => <Row key={entry.id} entry={entry} onPick={onPick} />)}</Command.Group>
}

function Row({ entry, onPick }: { readonly entry: Entry; readonly onPick: (entry: Entry) => void }) {
  return (
    <Command.Item
      value={entry.id}
      onSelect={() => onPick(entry)}
      className="flex min-h-8 items-center gap-3 rounded-md px-2 py-1 text-sm data-[selected=true]:bg-hover"
    >
      <span className="min-w-0 flex-1 truncate">{entry.title}</span>
      {entry.note !== undefined && <span className="max-w-[40%] shrink-0 truncate text-xs text-muted">{entry.note}</span>}
      {entry.keys !== undefined && <Keys keys={entry.keys} />}
    </Command.Item>
  )
}

function useEntries(): readonly Entry[] {
  const { commands } = useServices()
  const available = useStore(commands.available)
  const [items] = useState(() => commands.items())
  const bindings = useBindings()
  const ofCommand = (id: CommandId): Entry => {
    const { title, group, words } = commandCatalogue[id]
    const [keys] = bindings.keysOf(id)
    return {
      id, title, group, onlyWhenSought: false, run: () => void commands.run(id),
      ...(words === undefined ? {} : { words }), ...(keys === undefined ? {} : { keys }),
    }
  }
  const ofItem = (item: PaletteItem): Entry => ({
    id: item.id, title: item.title, group: item.group, onlyWhenSought: item.onlyWhenSought ?? false, run: () => item.run(),
    ...(item.words === undefined ? {} : { words: item.words }), ...(item.note === undefined ? {} : { note: item.note }),
  })
  return [
    ...commandIds.filter((id) => available.has(id) && id !== 'palette.open').map(ofCommand),
    ...items.filter(({ id }) => !isCommandId(id)).map(ofItem),
  ]
}
