import { useMutation } from '@tanstack/react-query'
import type { WorkflowRun } from '#contract/workflows'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { formatDuration, formatTime } from '../../lib/format'
import { useServices } from '../../lib/services'
import { runWords, stepWords, toneOf } from './words'

/** A run as it is: its steps with what came of them, and the ways to their cards. */
export function RunSteps({ run, onOpenTask, onOpenSession }: { readonly run: WorkflowRun; readonly onOpenTask: (taskId: string) => void; readonly onOpenSession: (sessionId: string) => void }) {
  const { orpc } = useServices()
  const cancel = useMutation(orpc.workflows.cancel.mutationOptions({ meta: { shownInPlace: true } }))
  const { state, steps, sessionId, output, error } = run
  const waits = steps.some((step) => step.state === 'needs_you')
  return (
    <div className="flex flex-col gap-2">
      <p>
        <span className={toneOf(waits ? 'needs_you' : state)}>{waits ? 'Needs you' : runWords[state]}</span>
        <span className="text-muted">, started {formatTime(run.createdAt)}{run.endedAt === null ? '' : `, took ${formatDuration(run.endedAt - run.createdAt)}`}</span>
      </p>
      {error !== null && <ErrorNote error={error.message} />}
      {output !== null && output !== '' && <p className="rounded-md bg-hover px-3 py-2 break-words whitespace-pre-wrap">{output}</p>}
      <ol aria-label="Steps of the run" className="flex flex-col gap-1.5">
        {steps.map(({ key, title, state: stepState, taskId, result, reason }) => (
          <li key={key} className="rounded-md border border-line px-2.5 py-1.5">
            <p className="flex items-baseline gap-2">
              {taskId === null
                ? <span className="min-w-0 flex-1 font-medium break-words">{title}</span>
                : <button type="button" className="min-w-0 flex-1 text-start font-medium break-words text-accent hover:underline" onClick={() => onOpenTask(taskId)}>{title}</button>}
              <span className={classNames('shrink-0 text-xs', toneOf(stepState))}>{stepWords[stepState]}</span>
            </p>
            {result !== '' && <p className="line-clamp-4 text-xs break-words whitespace-pre-wrap text-muted" title={result.slice(0, 2_000)}>{result}</p>}
            {reason !== null && stepState !== 'pending' && <p className="text-xs break-words text-muted">{reason}</p>}
            {stepState === 'needs_you' && sessionId !== null && <Button small className="mt-1" onClick={() => onOpenSession(sessionId)}>Answer</Button>}
          </li>
        ))}
      </ol>
      {cancel.error !== null && <ErrorNote error={cancel.error} />}
      {(state === 'running' || state === 'stopping') && <Button small className="self-start" disabled={cancel.isPending || state === 'stopping'} onClick={() => cancel.mutate({ id: run.id })}>Stop it</Button>}
    </div>
  )
}
