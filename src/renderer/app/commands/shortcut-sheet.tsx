import { commandCatalogue, commandGroups, commandIds } from '#contract/commands'
import { Button } from '../../components/button'
import { Dialog } from '../../components/dialog'
import { Keys } from '../../components/keys'
import { useBindings } from '../../lib/commands/use-bindings'

/** Every shortcut, by group. */
export function ShortcutSheet({ onClose, onChange }: { readonly onClose: () => void; readonly onChange: () => void }) {
  const bindings = useBindings()
  const groups = commandGroups
    .map((group) => ({ group, ids: commandIds.filter((id) => commandCatalogue[id].group === group && bindings.keysOf(id).length > 0) }))
    .filter(({ ids }) => ids.length > 0)
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide actions={<><Button onClick={onChange}>Change shortcuts</Button><Button tone="primary" onClick={onClose}>Close</Button></>}>
      <div className="columns-1 gap-8 sm:columns-2">
        {groups.map(({ group, ids }) => (
          <section key={group} aria-label={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold text-muted">{group}</h3>
            <dl>
              {ids.map((id) => (
                <div key={id} className="flex min-h-7 items-center justify-between gap-3 border-b border-line/60 py-0.5">
                  <dt className="min-w-0">{commandCatalogue[id].title}</dt>
                  <dd className="flex flex-wrap justify-end gap-2">{bindings.keysOf(id).map((keys) => <Keys key={keys} keys={keys} />)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
