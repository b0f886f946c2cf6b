import { useQuery } from '@tanstack/react-query'
import { Plus, Workflow as WorkflowIcon } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Workflow, WorkflowRun } from '#contract/workflows'
import { Button } from '../../components/button'
import { EmptyState, ErrorNote, Skeleton } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { WorkflowDetail, type WorkflowPlace } from './workflow-detail'
import { runWords, toneOf } from './words'

const WorkflowEditor = lazy(async () => ({ default: (await import('./editor/workflow-editor')).WorkflowEditor }))

/** Work that is done again and again in the same steps: what is saved, and what runs of it. */
export function WorkflowsView({ openId, onOpen, place }: { readonly openId: string | null; readonly onOpen: (id: string | null) => void; readonly place: WorkflowPlace }) {
  const { orpc } = useServices()
  const [isNew, setNew] = useState(false)
  const workflows = useQuery(orpc.workflows.list.queryOptions({ input: {} }))
  const runs = useQuery(orpc.workflows.runs.queryOptions({ input: { limit: 200 } }))
  const items = workflows.data?.items ?? []
  const newOne = <Button tone="primary" onClick={() => setNew(true)}><Plus aria-hidden className="size-4" />New workflow</Button>
  return (
    <>
      <div className="min-h-0 min-w-0 flex-1 overflow-auto p-3">
        {workflows.error !== null && <ErrorNote error={workflows.error} onRetry={() => void workflows.refetch()} />}
        {workflows.isPending && <Skeleton rows={4} label="Loading the workflows" />}
        {workflows.isSuccess && items.length === 0 && (
          <EmptyState icon={<WorkflowIcon />} title="No workflow is saved">
            <p className="max-w-md">A workflow is work in steps that is started again and again: tasks for agents and approvals by you, with inputs and rules. A plan of an agent can be saved as one, too.</p>
            {newOne}
          </EmptyState>
        )}
        {items.length > 0 && (
          <>
            <div className="mb-2 flex justify-end">{newOne}</div>
            <Table workflows={items} runs={runs.data?.items ?? []} openId={openId} onOpen={onOpen} />
          </>
        )}
      </div>
      {openId !== null && <WorkflowDetail key={openId} id={openId} place={place} onClose={() => onOpen(null)} />}
      {isNew && (
        <Suspense>
          <WorkflowEditor
            workflow={null}
            onClose={() => setNew(false)}
            onSaved={({ id }) => {
              setNew(false)
              onOpen(id)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

const cell = 'border-b border-line/60 px-2 py-1.5 align-top whitespace-nowrap'

function Table({ workflows, runs, openId, onOpen }: { readonly workflows: readonly Workflow[]; readonly runs: readonly WorkflowRun[]; readonly openId: string | null; readonly onOpen: (id: string) => void }) {
  return (
    <table aria-label="Workflows" className="w-full border-separate border-spacing-0 text-sm">
      <thead className="text-xs text-muted">
        <tr>{['Workflow', 'Steps', 'Last run'].map((head) => <th key={head} scope="col" className="border-b border-line px-2 py-1.5 text-start font-medium whitespace-nowrap">{head}</th>)}</tr>
      </thead>
      <tbody>
        {workflows.map(({ id, name, description, steps }) => {
          const last = runs.find(({ workflowId }) => workflowId === id)
          const waits = last?.steps.some(({ state }) => state === 'needs_you') === true
          return (
            <tr key={id} className={classNames(id === openId ? 'bg-hover' : 'hover:bg-hover')}>
              <th scope="row" className="w-full min-w-40 border-b border-line/60 px-2 py-1.5 text-start align-top font-normal">
                <button type="button" className="text-start font-medium break-words" aria-current={id === openId ? 'true' : undefined} onClick={() => onOpen(id)}>{name}</button>
                {description !== '' && <span className="block text-xs break-words text-muted">{description}</span>}
              </th>
              <td className={cell}>{steps.length}</td>
              <td className={cell}>{last === undefined ? <span className="text-muted">never</span> : <><span className={toneOf(waits ? 'needs_you' : last.state)}>{waits ? 'Needs you' : runWords[last.state]}</span><span className="block text-xs text-muted">{formatTime(last.createdAt)}</span></>}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
