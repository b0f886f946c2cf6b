import { X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { classNames } from '../lib/class-names'
import { IconButton } from './button'
import { Modal } from './modal'

export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at the bottom, the safe one first. */
  readonly actions?: ReactNode
  readonly wide?: boolean
  /** `full`: as large as the window allows; its content fills it. */
  readonly size?: 'full'
  /** The content has the whole width and scrolls by itself. */
  readonly flush?: boolean
  /** A question that must be answered: no close button in the corner, role `alertdialog`. */
  readonly alert?: boolean
}

/** A modal dialog with a title and, where there are any, buttons at its end. Mount it to open it. */
export function Dialog({ title, onClose, children, actions, wide = false, size, flush = false, alert = false }: DialogProps) {
  const titleId = useId()
  return (
    <Modal
      {...(alert ? { role: 'alertdialog' as const } : {})}
      labelledBy={titleId}
      onClose={onClose}
      onBeside={alert ? null : onClose}
      className={classNames(
        'm-auto max-h-[88vh] w-[calc(100vw-2rem)] overflow-visible rounded-lg border border-line bg-raised p-0 shadow-float',
        size === 'full' ? 'h-[88vh] max-w-6xl' : wide ? 'max-w-3xl' : 'max-w-lg',
      )}
    >
      <div className={classNames('flex max-h-[88vh] flex-col', size === 'full' && 'h-full')}>
        <div className="flex items-center justify-between gap-3 border-b border-line px-4 py-3">
          <h2 id={titleId} className="text-base font-semibold">{title}</h2>
          {!alert && <IconButton label="Close" icon={<X />} onClick={onClose} />}
        </div>
        <div className={flush ? 'min-h-0 flex-1' : 'min-h-0 flex-1 overflow-y-auto px-4 py-4'}>{children}</div>
        {actions !== undefined && <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{actions}</div>}
      </div>
    </Modal>
  )
}
