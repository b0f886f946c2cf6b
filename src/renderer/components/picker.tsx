import { ChevronDown } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { PickerItem } from './picker-list'
import { Popover } from './popover'

const PickerList = lazy(async () => ({ default: (await import('./picker-list')).PickerList }))

/** A combobox: shows what is chosen, opens a list that can be searched when it is long. */
export function Picker({ label, value, shown, items, onPick, disabled, emptyText = 'Nothing found', side = 'top', footer }: {
  readonly label: string
  readonly value: string | null
  readonly shown: string
  readonly items: readonly PickerItem[]
  readonly onPick: (value: string) => void
  readonly disabled?: boolean
  readonly emptyText?: string
  readonly side?: 'top' | 'bottom'
  readonly footer?: ReactNode
}) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={label}
      side={side}
      className="w-80 max-w-[calc(100vw-1rem)]"
      trigger={
        <button
          type="button"
          role="combobox"
          aria-label={label}
          disabled={disabled}
          title={`${label}: ${shown}`}
          className="inline-flex h-6 max-w-64 min-w-0 items-center gap-1 rounded-md px-1.5 text-xs enabled:hover:bg-hover disabled:opacity-60"
        >
          <span className="truncate">{shown}</span>
          <ChevronDown aria-hidden className="size-3 shrink-0" />
        </button>
      }
    >
      <Suspense fallback={<p className="px-3 py-2 text-muted">Loading…</p>}>
        <PickerList
          label={label}
          value={value}
          items={items}
          emptyText={emptyText}
          onPick={(picked) => {
            setOpen(false)
            if (picked !== value) onPick(picked)
          }}
        />
      </Suspense>
      {footer}
    </Popover>
  )
}
