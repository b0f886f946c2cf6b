import { useQuery } from '@tanstack/react-query'
import { Copy, GitCompare, PackageCheck } from 'lucide-react'
import { Button } from '../../../components/button'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import type { CheckpointActions } from '../actions'

/** Over a session that works in a scratch copy: what that means, and the way home. */
export function ScratchNote({ sessionId, actions }: { readonly sessionId: string; readonly actions: CheckpointActions }) {
  const { queries } = useServices()
  const branch = useQuery(queries.branches(sessionId)).data?.items.find((item) => item.sessionId === sessionId && item.where === 'scratch')
  if (branch === undefined) return null
  return (
    <section aria-label="Scratch copy" className="flex flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-1.5">
      <Copy aria-hidden className="size-4 shrink-0 text-muted" />
      <p className="min-w-0 flex-1">
        Works in a scratch copy; the folder it was copied from stays as it is.
        {branch.broughtHomeAt !== null && ` Its changes were brought home ${formatTime(branch.broughtHomeAt)}.`}
      </p>
      <Button small onClick={() => actions.onCompareBranches(branch.id, 'origin')}><GitCompare aria-hidden className="size-3.5" />Compare</Button>
      <Button small tone="primary" onClick={() => actions.onRestore({ kind: 'bring-home', branch })}><PackageCheck aria-hidden className="size-3.5" />Bring changes home…</Button>
    </section>
  )
}
