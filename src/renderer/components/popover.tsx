import { Popover as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names'

export const floatStyle = 'z-40 rounded-lg border border-line bg-raised text-ink shadow-float'

export function Popover({ open, onOpenChange, trigger, label, align = 'start', side = 'bottom', className, children }: {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly trigger: ReactNode
  readonly label: string
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'bottom'
  readonly className?: string
  readonly children: ReactNode
}) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={classNames(floatStyle, 'max-h-(--radix-popover-content-available-height) overflow-y-auto', className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
