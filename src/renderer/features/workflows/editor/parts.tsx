import { ArrowDown, ArrowUp, Trash2 } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { IconButton } from '../../../components/button'

/** What is wrong at a place of the workflow: `steps.2.title`; null: nothing. */
export type ErrorAt = (path: string) => string | null

export function Section({ title, hint, children }: { readonly title: string; readonly hint: string; readonly children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <div>
        <h3 id={id} className="font-semibold">{title}</h3>
        <p className="text-xs text-muted">{hint}</p>
      </div>
      {children}
    </section>
  )
}

/** One of several things of a kind, in a frame with what moves and removes it. */
export function Item({ name, index, count, onMove, onRemove, children }: {
  /** `Step 2` */
  readonly name: string
  readonly index: number
  readonly count: number
  readonly onMove: (step: 1 | -1) => void
  readonly onRemove: () => void
  readonly children: ReactNode
}) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 rounded-md border border-line p-3">
      <legend className="px-1 text-sm font-medium">{name}</legend>
      <div className="-my-3 flex justify-end gap-1">
        <IconButton label={`Move ${name} up`} icon={<ArrowUp />} disabled={index === 0} onClick={() => onMove(-1)} />
        <IconButton label={`Move ${name} down`} icon={<ArrowDown />} disabled={index === count - 1} onClick={() => onMove(1)} />
        <IconButton label={`Remove ${name}`} icon={<Trash2 />} onClick={onRemove} />
      </div>
      {children}
    </fieldset>
  )
}

export function Check({ label, checked, onChange }: { readonly label: string; readonly checked: boolean; readonly onChange: (checked: boolean) => void }) {
  return (
    <label className="flex items-center gap-2">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} className="size-4 accent-(--accent)" />
      {label}
    </label>
  )
}
