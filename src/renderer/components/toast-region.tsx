import { AlertTriangle, Info, X } from 'lucide-react'
import { useServices, useStore } from '../lib/services'
import { Button, IconButton } from './button'

export function ToastRegion() {
  const { toasts } = useServices()
  const items = useStore(toasts.items)
  return (
    <section aria-label="Notifications" className="pointer-events-none fixed inset-x-0 top-13 z-50 mx-auto flex w-96 max-w-[calc(100vw-1.5rem)] flex-col gap-2">
      {items.map((toast) => (
        <div
          key={toast.id}
          role={toast.level === 'error' ? 'alert' : 'status'}
          className="pointer-events-auto flex items-start gap-2 rounded-lg border border-line bg-raised px-3 py-2.5 shadow-float"
        >
          {toast.level === 'error'
            ? <AlertTriangle aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
            : <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-accent" />}
          <p className="min-w-0 flex-1 break-words">{toast.text}</p>
          {toast.actions.map((action) => (
            <Button
              key={action.label}
              small
              className="-my-1"
              onClick={() => {
                toasts.dismiss(toast.id)
                action.run()
              }}
            >
              {action.label}
            </Button>
          ))}
          <IconButton label="Dismiss" icon={<X />} className="-my-1 -mr-1" onClick={() => toasts.dismiss(toast.id)} />
        </div>
      ))}
    </section>
  )
}
