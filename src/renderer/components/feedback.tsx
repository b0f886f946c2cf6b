import { AlertTriangle } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names'
import { errorMessage } from '../lib/error-message'
import { Button } from './button'

/** Grey bars in the place of what loads; they appear only when it takes longer than 300 ms. */
export function Skeleton({ rows = 3, label = 'Loading', className }: { readonly rows?: number; readonly label?: string; readonly className?: string }) {
  return (
    <div role="status" className={classNames('flex flex-col gap-2', className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_row, index) => (
        <div key={index} className={classNames('skeleton h-4', index % 3 === 2 ? 'w-2/3' : 'w-full')} />
      ))}
    </div>
  )
}

export function ErrorNote({ error, onRetry, className }: { readonly error: unknown; readonly onRetry?: () => void; readonly className?: string }) {
  return (
    <div role="alert" className={classNames('flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger', className)}>
      <AlertTriangle aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p className="min-w-0 flex-1 break-words">{typeof error === 'string' ? error : errorMessage(error)}</p>
      {onRetry && <Button small onClick={onRetry}>Try again</Button>}
    </div>
  )
}

export function EmptyState({ icon, title, children }: { readonly icon: ReactNode; readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-8 text-center text-muted">
      <span aria-hidden className="[&_svg]:size-6">{icon}</span>
      <p className="font-medium text-ink">{title}</p>
      {children}
    </div>
  )
}
