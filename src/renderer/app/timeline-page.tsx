import { ArrowLeft } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Button } from '../components/button'
import { Skeleton } from '../components/feedback'
import { Timeline } from '../features/checkpoints/timeline/timeline'
import { useMediaQuery } from '../lib/hooks'
import type { Route } from '../lib/route'
import { useUiStore } from './ui-context'
import { useCheckpointActions } from './use-checkpoint-actions'

const CompareView = lazy(async () => ({ default: (await import('../features/checkpoints/compare/compare-view')).CompareView }))
const BranchCompare = lazy(async () => ({ default: (await import('../features/checkpoints/branches/branch-compare')).BranchCompare }))

/** The whole window for the history of a session: the timeline, and beside it what is different. */
export function TimelinePage({ route }: { readonly route: Extract<Route, { view: 'timeline' | 'branches' }> }) {
  const ui = useUiStore()
  const { sessionId } = route
  const isNarrow = useMediaQuery('(max-width: 1099px)')
  const actions = useCheckpointActions(sessionId)
  const compared = route.view === 'timeline' ? [route.from, route.to].filter((id) => id !== null) : []
  return (
    <main data-pane id="main" tabIndex={-1} aria-label="History" className="flex min-h-0 flex-1">
      {!isNarrow && (
        <div className="flex w-80 shrink-0 flex-col border-r border-line bg-canvas">
          <div className="border-b border-line px-2 py-1.5"><BackButton onBack={() => ui.getState().go({ view: 'session', sessionId })} /></div>
          <div className="min-h-0 flex-1"><Timeline sessionId={sessionId} actions={actions} compared={compared} /></div>
        </div>
      )}
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        {isNarrow && <div className="border-b border-line px-2 py-1.5"><BackButton onBack={() => ui.getState().go({ view: 'session', sessionId })} /></div>}
        <div className="min-h-0 flex-1">
          <Suspense fallback={<Skeleton rows={6} className="p-6" />}>
            {route.view === 'timeline'
              ? <CompareView sessionId={sessionId} from={route.from} to={route.to} actions={actions} />
              : <BranchCompare key={`${route.branchId} ${route.other}`} sessionId={sessionId} branchId={route.branchId} other={route.other} actions={actions} />}
          </Suspense>
        </div>
      </div>
    </main>
  )
}

function BackButton({ onBack }: { readonly onBack: () => void }) {
  return <Button small tone="quiet" onClick={onBack}><ArrowLeft aria-hidden className="size-3.5" />Back to the conversation</Button>
}
