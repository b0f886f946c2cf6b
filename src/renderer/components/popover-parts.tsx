import { Popover as Primitive } from 'radix-ui'
import { classNames } from '../lib/class-names'
import { floatStyle, type PopoverProps } from './float'

/** The popover itself, with what finds its place and keeps the focus: loaded by `Popover`. */
export function PopoverParts({ open, onOpenChange, trigger, label, align = 'start', side = 'bottom', className, children }: PopoverProps) {
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
