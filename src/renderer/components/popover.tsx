import { Slot } from 'radix-ui'
import { lazy, Suspense, useState } from 'react'
import type { PopoverProps } from './float'

const PopoverParts = lazy(async () => ({ default: (await import('./popover-parts')).PopoverParts }))

/** A small window at its trigger. Until it is first opened there is only the trigger: the rest is no part of the first screen. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, trigger } = props
  const [wasOpen, setWasOpen] = useState(open)
  if (open && !wasOpen) setWasOpen(true)
  const alone = <Slot.Root aria-haspopup="dialog" aria-expanded={open} onClick={() => onOpenChange(true)}>{trigger}</Slot.Root>
  return wasOpen ? <Suspense fallback={alone}><PopoverParts {...props} /></Suspense> : alone
}
