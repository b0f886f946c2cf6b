import type { RevisionItem } from '#contract/checkpoints'
import { BeforeAfter } from '../compare/revision-diff'
import { itemChoice, type RestoreSelection, withItem } from './selection'

const words: Readonly<Record<RevisionItem['change'], string>> = { added: 'comes back', removed: 'goes away', changed: 'changes back' }

/** Tasks or memory items of a restore, each to be taken back or left. */
export function RestoreItems({ name, items, selection, onChange }: {
  readonly name: string
  readonly items: readonly RevisionItem[]
  readonly selection: RestoreSelection
  readonly onChange: (selection: RestoreSelection) => void
}) {
  if (items.length === 0) return null
  return (
    <section aria-label={name} className="flex max-h-[40%] min-h-24 shrink-0 flex-col rounded-md border border-line">
      <h3 className="border-b border-line px-3 py-1.5 text-xs font-medium">{name}</h3>
      <ul className="min-h-0 overflow-y-auto" tabIndex={0} aria-label={`${name} that would change`}>
        {items.map((item) => (
          <li key={item.id} className="border-b border-line px-3 py-2 last:border-b-0">
            <label className="flex items-baseline gap-2">
              <input
                type="checkbox" className="translate-y-0.5 accent-accent" checked={itemChoice(selection, item) === 'restore'}
                onChange={(event) => onChange(withItem(selection, item.id, event.target.checked ? 'restore' : 'keep'))}
              />
              <span className="min-w-0 break-words"><span className="font-medium">{item.title}</span> <span className="text-xs text-muted">{words[item.change]}</span></span>
            </label>
            <div className="ms-6">
              {item.conflict !== null && <p className="text-xs text-warning">{item.conflict.text}</p>}
              {item.note !== null && <p className="text-xs text-muted">{item.note}</p>}
              {item.change === 'changed' && <BeforeAfter before={item.before} after={item.after} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
