import { type ReactNode, useEffect, useRef } from 'react'
import { classNames } from '../lib/class-names'

/** A side panel over the page for narrow windows. Escape and a press beside it close it. */
export function Drawer({ side, label, onClose, children }: {
  readonly side: 'left' | 'right'
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) dialog.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onPointerDown={(event) => event.target === ref.current && onClose()}
      className={classNames(
        'fixed inset-y-0 m-0 h-full max-h-none w-80 max-w-[85vw] border-line bg-canvas p-0 shadow-float',
        side === 'left' ? 'left-0 border-r' : 'right-0 left-auto border-l',
      )}
    >
      <div className="h-full">{children}</div>
    </dialog>
  )
}
