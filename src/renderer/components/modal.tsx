import { type ReactNode, useCallback, useLayoutEffect, useState } from 'react'
import { firstFocusable } from '../lib/panes'

/**
 * The browser's modal dialog: it traps the focus, gives it back when it goes, and closes on Escape. Mount it to open it.
 * The focus goes to what has `autoFocus`, else to the first control. `onBeside` is called for a press on the backdrop; null: the question must be answered.
 */
export function Modal({ label, labelledBy, role, className, onClose, onBeside, children }: {
  readonly label?: string
  readonly labelledBy?: string
  readonly role?: 'alertdialog'
  readonly className: string
  readonly onClose: () => void
  readonly onBeside: (() => void) | null
  readonly children: ReactNode
}) {
  const { open, isOpen } = useOpened()
  return (
    <dialog
      ref={open}
      role={role}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === event.currentTarget && onBeside?.()}
      className={className}
    >
      {isOpen && children}
    </dialog>
  )
}

/** Nothing in a closed dialog can take the focus, so what is in it comes once it is open: before anything is painted. */
function useOpened() {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null)
  const open = useCallback((element: HTMLDialogElement) => {
    const before = document.activeElement
    if (!element.open) element.showModal()
    setDialog(element)
    return () => {
      element.close()
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
      // What had the focus is gone, as after an item was deleted: back to the middle of the window.
      else document.querySelector<HTMLElement>('main')?.focus()
    }
  }, [])
  useLayoutEffect(() => {
    if (dialog === null) return
    const { activeElement } = document
    if (activeElement === dialog || !dialog.contains(activeElement)) firstFocusable(dialog)?.focus()
  }, [dialog])
  return { open, isOpen: dialog !== null }
}
