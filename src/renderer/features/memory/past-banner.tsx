import { History } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button'
import { formatTime } from '../../lib/format'
import { UndoDialog } from './undo-dialog'

/** Says that this is the past, and leads back: to now, or all of the memory to then. */
export function PastBanner({ at, onNow }: { readonly at: number; readonly onNow: () => void }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line bg-warning-soft px-3 py-1.5 text-xs">
      <History aria-hidden className="size-4 shrink-0 text-warning" />
      <p role="status" className="min-w-0 flex-1">The memory as it was <strong className="font-semibold">{formatTime(at)}</strong>. It can be read, not changed.</p>
      <Button small onClick={() => setOpen(true)}>Undo to this date…</Button>
      <Button small onClick={onNow}>Back to now</Button>
      {open && <UndoDialog at={at} onClose={() => setOpen(false)} onDone={() => { setOpen(false); onNow() }} />}
    </div>
  )
}
