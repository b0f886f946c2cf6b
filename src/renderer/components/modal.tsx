import { type ReactNode, type RefObject, useEffect, useRef } from 'react'

/**
 * The browser's modal dialog: it traps the focus, gives it back when it goes, and closes on Escape. Mount it to open it.
 * The focus goes to what has `data-autofocus`, else to the first control. `onBeside` is called for a press on the backdrop; null: the question must be answered.
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
  const ref = useRef<HTMLDialogElement>(null)
  useOpened(ref)
  return (
    <dialog
      ref={ref}
      role={role}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === ref.current && onBeside?.()}
      className={className}
    >
      {children}
    </dialog>
  )
}

function useOpened(ref: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const dialog = ref.current
    const before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
      // What had the focus is gone, as after an item was deleted: back to the middle of the window.
      else document.querySelector<HTMLElement>('main')?.focus()
    }
  }, [ref])
}
