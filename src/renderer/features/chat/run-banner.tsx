import { useMutation } from '@tanstack/react-query'
import { AlertTriangle, CircleStop, Play, RotateCcw } from 'lucide-react'
import type { Run } from '#contract/runs'
import { Button } from '../../components/button'
import { useServices } from '../../lib/services'

const words = {
  failed: 'This turn failed.',
  cancelled: 'You stopped this turn.',
  interrupted: 'Trestle stopped during this turn.',
} as const

/** How the last turn ended when it did not complete, and what can be done. Finished steps are never repeated by Resume. */
export function RunBanner({ run, onResumed }: { readonly run: Run; readonly onResumed: () => void }) {
  const { orpc } = useServices()
  const resume = useMutation(orpc.runs.resume.mutationOptions({ onSuccess: onResumed }))
  const retry = useMutation(orpc.runs.retry.mutationOptions())
  const busy = resume.isPending || retry.isPending
  if (run.state !== 'failed' && run.state !== 'cancelled' && run.state !== 'interrupted') return null
  const isFailure = run.state === 'failed'
  return (
    <section aria-label="How the turn ended" className={isFailure ? 'rounded-md bg-danger-soft p-3' : 'rounded-md bg-warning-soft p-3'}>
      <div className="flex items-start gap-2">
        {run.state === 'cancelled'
          ? <CircleStop aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
          : <AlertTriangle aria-hidden className={isFailure ? 'mt-0.5 size-4 shrink-0 text-danger' : 'mt-0.5 size-4 shrink-0 text-warning'} />}
        <p className="min-w-0 flex-1 break-words">
          <strong className="font-semibold">{words[run.state]}</strong>{' '}
          {run.error?.message ?? 'Its finished steps are kept.'}
        </p>
      </div>
      <div className="mt-2.5 flex flex-wrap gap-2 ps-6">
        <Button tone="primary" disabled={busy} title="Go on after the last finished step" onClick={() => resume.mutate({ id: run.id })}>
          <Play aria-hidden className="size-3.5" />Resume
        </Button>
        <Button disabled={busy} title="Ask the same again on a new branch" onClick={() => retry.mutate({ id: run.id })}>
          <RotateCcw aria-hidden className="size-3.5" />Retry
        </Button>
      </div>
    </section>
  )
}
