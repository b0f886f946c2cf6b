import { Tabs } from 'radix-ui'
import { ChangesPane } from '../features/changes/changes-pane'
import { ContextTab } from '../features/inspector/context-tab'
import { RunTab } from '../features/inspector/run-tab'
import { Timeline } from '../features/checkpoints/timeline/timeline'
import { Agents } from './agents'
import { useUi, useUiStore } from './ui-context'
import { useCheckpointActions } from './use-checkpoint-actions'
import type { RightTab } from './ui-store'
import { useSelection } from './use-window-state'

const tabs: readonly { readonly id: RightTab; readonly label: string }[] = [
  { id: 'changes', label: 'Changes' },
  { id: 'context', label: 'Context' },
  { id: 'run', label: 'Run' },
  { id: 'timeline', label: 'Timeline' },
]

export function Inspector() {
  const ui = useUiStore()
  const tab = useUi((state) => state.rightTab)
  const { sessionId } = useSelection()
  const checkpointActions = useCheckpointActions(sessionId)
  return (
    <aside data-pane aria-label="Context" className="h-full bg-canvas">
      <Tabs.Root
        value={tab}
        onValueChange={(value) => ui.getState().setRightTab(tabs.find((item) => item.id === value)?.id ?? 'context')}
        className="flex h-full flex-col"
      >
        <Tabs.List aria-label="Context" className="flex shrink-0 gap-1 border-b border-line px-2">
          {tabs.map((item) => (
            <Tabs.Trigger
              key={item.id}
              value={item.id}
              className="-mb-px border-b-2 border-transparent px-2.5 py-2 -outline-offset-2 text-muted data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {item.label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {sessionId === null
          ? <Tabs.Content value={tab} className="px-4 py-6 text-center text-muted">Choose a session to see what its model is sent, what its turns did, and where it can go back to.</Tabs.Content>
          : (
            <>
              <Tabs.Content value="changes" className="min-h-0 flex-1"><ChangesPane key={sessionId} sessionId={sessionId} onReview={(checkpoint, path) => checkpointActions.onRestore({ kind: 'checkpoint', sessionId, checkpoint, paths: [path] })} /></Tabs.Content>
              <Tabs.Content value="context" className="min-h-0 flex-1 overflow-y-auto p-3"><ContextTab key={sessionId} sessionId={sessionId} onShowEntry={(entryId) => ui.getState().setTarget({ sessionId, entryId })} /></Tabs.Content>
              <Tabs.Content value="run" className="min-h-0 flex-1 overflow-y-auto p-3"><RunTab key={sessionId} sessionId={sessionId} renderAgents={(runId) => <Agents key={runId} runId={runId} />} /></Tabs.Content>
              <Tabs.Content value="timeline" className="min-h-0 flex-1"><Timeline key={sessionId} sessionId={sessionId} actions={checkpointActions} onExpand={() => ui.getState().go({ view: 'timeline', sessionId, from: null, to: 'now' })} /></Tabs.Content>
            </>
          )}
      </Tabs.Root>
    </aside>
  )
}
