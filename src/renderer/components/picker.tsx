import { Command } from 'cmdk'
import { Check, ChevronDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { classNames } from '../lib/class-names'
import { Popover } from './popover'

export interface PickerItem {
  readonly value: string
  readonly label: string
  readonly note?: string
  readonly group?: string
  readonly disabled?: boolean
}

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
  const groups = [...new Set(items.map((item) => item.group))]
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
      <Command label={label} loop>
        <div className={items.length > 8 ? 'border-b border-line p-1.5' : 'sr-only'}>
          <Command.Input autoFocus placeholder="Search" className="h-7 w-full rounded-md bg-transparent px-2 text-sm" />
        </div>
        <Command.List label={label} className="max-h-72 overflow-y-auto p-1">
          <Command.Empty className="px-2 py-3 text-center text-muted">{emptyText}</Command.Empty>
          {groups.map((group) => (
            <Command.Group
              key={group ?? ''}
              heading={group}
              className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
            >
              {items.filter((item) => item.group === group).map((item) => (
                <Command.Item
                  key={item.value}
                  value={`${item.value} ${item.label}`}
                  disabled={item.disabled ?? false}
                  onSelect={() => {
                    setOpen(false)
                    if (item.value !== value) onPick(item.value)
                  }}
                  className={classNames(
                    'flex items-start gap-2 rounded-md px-2 py-1.5 text-sm data-[selected=true]:bg-hover',
                    item.disabled === true && 'cursor-not-allowed text-muted',
                  )}
                >
                  <Check aria-hidden className={classNames('mt-0.5 size-4 shrink-0 text-accent', item.value !== value && 'invisible')} />
                  <span className="min-w-0 flex-1">
                    <span className="block break-words">{item.label}</span>
                    {item.note !== undefined && <span className="block text-xs text-muted">{item.note}</span>}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
      {footer}
    </Popover>
  )
}
