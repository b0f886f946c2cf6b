import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names'
import { floatStyle } from './float'

/** Not modal: a modal one would add style elements to the page, which its content policy forbids. */
export function Menu({ trigger, label, align = 'end', isOpenAtFirst = false, children }: {
  readonly trigger: ReactNode
  readonly label: string
  readonly align?: 'start' | 'end'
  readonly isOpenAtFirst?: boolean
  readonly children: ReactNode
}) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen={isOpenAtFirst}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={classNames(floatStyle, 'max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto p-1')}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const itemStyle = 'flex items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 [&_svg]:size-4'

export function MenuItem({ icon, danger = false, disabled, onSelect, children }: {
  readonly icon?: ReactNode
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}) {
  return (
    <DropdownMenu.Item disabled={disabled ?? false} onSelect={onSelect} className={classNames(itemStyle, danger && 'text-danger')}>
      {icon !== undefined && <span aria-hidden>{icon}</span>}
      {children}
    </DropdownMenu.Item>
  )
}

export function MenuRadio<T extends string>({ value, onChange, items }: {
  readonly value: T
  readonly onChange: (value: T) => void
  readonly items: readonly { readonly value: T; readonly content: ReactNode }[]
}) {
  return (
    <DropdownMenu.RadioGroup value={value}>
      {items.map((item) => (
        <DropdownMenu.RadioItem
          key={item.value}
          value={item.value}
          onSelect={() => onChange(item.value)}
          className={classNames(itemStyle, 'data-[state=checked]:bg-accent-soft')}
        >
          {item.content}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}
