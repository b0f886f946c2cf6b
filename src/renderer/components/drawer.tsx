import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names'
import { Modal } from './modal'

/** A side panel over the page for narrow windows. Escape and a press beside it close it. */
export function Drawer({ side, label, onClose, children }: {
  readonly side: 'left' | 'right'
  readonly label: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  return (
    <Modal
      label={label}
      onClose={onClose}
      onBeside={onClose}
      className={classNames(
        'fixed inset-y-0 m-0 h-full max-h-none w-80 max-w-[85vw] border-line bg-canvas p-0 shadow-float',
        side === 'left' ? 'left-0 border-r' : 'right-0 left-auto border-l',
      )}
    >
      <div className="h-full">{children}</div>
    </Modal>
  )
}
