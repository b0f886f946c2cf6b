import { useQuery } from '@tanstack/react-query'
import { useServices } from '../../../lib/services'
import { useLasting } from '../../../lib/hooks'
import { plural } from '../words'

/** A restore that takes a moment: how far it is. */
export function RestoreProgress({ sessionId }: { readonly sessionId: string }) {
  const { queries } = useServices()
  const progress = useQuery(queries.restoreProgress(sessionId)).data
  const isLong = useLasting(progress?.state === 'applying', 300)
  if (!isLong || progress === undefined) return null
  return (
    <div role="status" className="border-b border-line bg-accent-soft px-3 py-1.5 text-xs">
      <p>Restoring: {progress.done.toLocaleString('en')} of {plural(progress.total, 'path')}</p>
      <progress aria-label="Restore" max={progress.total} value={progress.done} className="mt-1 h-1.5 w-full accent-accent" />
    </div>
  )
}
