import { lazy, Suspense } from 'react'
import { Skeleton } from '../components/feedback'
import { PaneTab, PaneTabs } from '../components/pane-tabs'
import { Agents } from './agents'
import { useUi, useUiStore } from './ui-context'
import { useCheckpointActions } from './use-checkpoint-actions'
import type { RightTab } from './ui-store'
import { useSelection } from './use-window-state'

const ChangesPane = lazy(async () => ({ default: (await import('../features/changes/changes-pane')).ChangesPane }))
const ContextTab = lazy(async () => ({ default: (await import('../features/inspector/context-tab')).ContextTab }))
const RunTab = lazy(async () => ({ default: (await import('../features/inspector/run-tab')).RunTab }))
const Timeline = lazy(async () => ({ default: (await import('../features/checkpoints/timeline/timeline')).Timeline }))

const tabs: readonly { readonly id: RightTab; readonly label: string }[] = [
  { id: 'changes', label: 'Changes' },
  { id: 'context', label: 'Context' },
  { id: 'run', label: 'Run' },
  { id: 'timeline', label: 'Timeline' },
]

/** The right side: what a session did, and what its model sees. Each view is loaded when it is first shown. */
export function Inspector() {
  const ui = useUiStore()
  const tab = useUi((state) => state.rightTab)
  const { sessionId } = useSelection()
  return (
    <aside data-pane aria-label="Context" className="h-full bg-canvas">
      <PaneTabs label="Context" tabs={tabs} value={tab} onChange={(id) => ui.getState().setRightTab(id)} className="h-full">
        <PaneTab value={tab} className={tab === 'changes' || tab === 'timeline' ? 'min-h-0 flex-1' : 'min-h-0 flex-1 overflow-y-auto p-3'}>
          {sessionId === null
            ? <p className="px-1 py-3 text-center text-muted">Choose a session to see what its model is sent, what its turns did, and where it can go back to.</p>
            : <Suspense fallback={<Skeleton rows={4} className="p-3" />}><Shown key={sessionId} tab={tab} sessionId={sessionId} /></Suspense>}
        </PaneTab>
      </PaneTabs>
    </aside>
  )
}

function Shown({ tab, sessionId }: { readonly tab: RightTab; readonly sessionId: string }) {
  const ui = useUiStore()
  const actions = useCheckpointActions(sessionId)
  switch (tab) {
    case 'changes': return <ChangesPane sessionId={sessionId} onReview={(checkpoint, path) => actions.onRestore({ kind: 'checkpoint', sessionId, checkpoint, paths: [path] })} />
    case 'context': return <ContextTab sessionId={sessionId} onShowEntry={(entryId) => ui.getState().setTarget({ sessionId, entryId })} />
    case 'run': return <RunTab sessionId={sessionId} renderAgents={(runId) => <Agents key={runId} runId={runId} />} />
    case 'timeline': return <Timeline sessionId={sessionId} actions={actions} onExpand={() => ui.getState().go({ view: 'timeline', sessionId, from: null, to: 'now' })} />
  }
}
