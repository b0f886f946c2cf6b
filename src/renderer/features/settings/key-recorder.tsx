import { useState } from 'react'
import { commandCatalogue, type CommandId } from '#contract/commands'
import { Button } from '../../components/button'
import { Keys } from '../../components/keys'
import type { Bindings } from '../../lib/commands/bindings'
import { keysOf, keysText } from '../../lib/commands/keys'
import { reservedFor } from '../../lib/commands/reserved'
import { useServices } from '../../lib/services'

/**
 * Takes the next combination of keys that is pressed in it. Tab and Escape keep their meaning, so that nobody is caught in
 * here, and nothing is run by what is pressed.
 */
export function KeyRecorder({ id, bindings, onAdd, onClose }: {
  readonly id: CommandId
  readonly bindings: Bindings
  /** `takenFrom`: the command that has the combination now and is to lose it. */
  readonly onAdd: (keys: string, takenFrom: CommandId | null) => void
  readonly onClose: () => void
}) {
  const { machine } = useServices()
  const [pressed, setPressed] = useState<string | null>(null)
  const reserved = pressed === null ? null : reservedFor(pressed, machine)
  const owner = pressed === null ? null : bindings.ownerOf(pressed, id)
  const isOwn = owner === id
  return (
    <div className="my-1 flex flex-wrap items-center gap-2 rounded-md bg-sunken p-2">
      <button
        type="button"
        autoFocus
        aria-label={`Press the new shortcut for ${commandCatalogue[id].title}`}
        onKeyDown={(event) => {
          if (event.key === 'Tab' || event.key === 'Escape') {
            if (event.key === 'Tab') return
            event.preventDefault()
            event.stopPropagation()
            onClose()
            return
          }
          event.preventDefault()
          event.stopPropagation()
          const keys = keysOf(event.nativeEvent, machine.isMac)
          if (keys !== null) setPressed(keys)
        }}
        className="min-h-8 min-w-52 rounded-md border border-line-strong bg-surface px-3 text-start"
      >
        {pressed === null ? <span className="text-muted">Press the keys</span> : <Keys keys={pressed} />}
      </button>
      <div role="status" className="min-w-40 flex-1 text-xs">
        {reserved !== null && pressed !== null && <p className="text-danger">{keysText(pressed, machine.isMac)} {reserved} and cannot be used here.</p>}
        {reserved === null && isOwn && <p className="text-muted">It has these keys already.</p>}
        {reserved === null && owner !== null && !isOwn && <p className="text-warning">Used by “{commandCatalogue[owner].title}”.</p>}
      </div>
      {pressed !== null && reserved === null && !isOwn && (
        <Button small tone="primary" onClick={() => onAdd(pressed, owner)}>{owner === null ? 'Use these keys' : 'Take them over'}</Button>
      )}
      <Button small onClick={onClose}>Cancel</Button>
    </div>
  )
}
