import { Slot } from 'radix-ui'
import { lazy, type ReactNode, Suspense, useState } from 'react'

const PopoverParts = lazy(async () => ({ default: (await import('./popover-parts')).PopoverParts }))

export const floatStyle = 'z-40 rounded-lg border border-line bg-raised text-ink shadow-float'

export interface PopoverProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** A button. */
  readonly trigger: ReactNode
  readonly label: string
  readonly align?: 'start' | 'center' | 'end'
  readonly side?: 'top' | 'bottom'
  readonly className?: string
  readonly children: ReactNode
}

/** A small window at its trigger. Until it is first opened there is only the trigger: the rest is no part of the first screen. */
export function Popover(props: PopoverProps) {
  const { open, onOpenChange, trigger } = props
  const [wasOpen, setWasOpen] = useState(open)
  if (open && !wasOpen) setWasOpen(true)
  const alone = <Slot.Root aria-haspopup="dialog" aria-expanded={open} onClick={() => onOpenChange(true)}>{trigger}</Slot.Root>
  return wasOpen ? <Suspense fallback={alone}><PopoverParts {...props} /></Suspense> : alone
}
