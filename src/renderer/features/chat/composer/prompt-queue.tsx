import { useMutation, useQuery } from '@tanstack/react-query'
import { Play, Square, X } from 'lucide-react'
import { useId } from 'react'
import type { PromptQueue as Queue } from '#contract/prompts'
import type { Run } from '#contract/runs'
import { Button, IconButton } from '../../../components/button'
import { inputStyle } from '../../../components/field'
import { classNames } from '../../../lib/class-names'
import { useServices } from '../../../lib/services'
import { QueuedMessages } from './queued-messages'

/** Prompts that the session works through by itself, and what comes after one that failed. Not there while there are none. */
export function PromptQueue({ sessionId, messages }: { readonly sessionId: string; readonly messages: readonly Run[] }) {
  const { orpc, queries } = useServices()
  const { data } = useQuery(queries.prompts(sessionId))
  const start = useMutation(orpc.prompts.start.mutationOptions())
  const stop = useMutation(orpc.prompts.stop.mutationOptions())
  const clear = useMutation(orpc.prompts.clear.mutationOptions())
  const headingId = useId()
  if (data === undefined || (data.items.length === 0 && data.queue.reason === null && data.queue.state === 'stopped')) return null
  const { queue, items } = data
  const isStarted = queue.state === 'started'
  return (
    <section aria-labelledby={headingId} className="mb-2 rounded-md border border-line bg-surface px-2.5 pt-1.5 pb-0.5">
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 id={headingId} className="text-xs font-semibold">Prompt queue</h3>
        <span role="status" className="text-xs text-muted">{isStarted ? `At work, ${items.length} to come` : items.length === 0 ? 'Stopped' : `Stopped, ${items.length} to come`}</span>
        <Policy queue={queue} />
        <span className="ms-auto flex gap-1.5">
          {isStarted
            ? <Button small disabled={stop.isPending} onClick={() => stop.mutate({ id: sessionId })} title="The prompt at work goes on"><Square aria-hidden className="size-3" />Stop queue</Button>
            : <Button small tone="primary" disabled={start.isPending || items.length === 0} onClick={() => start.mutate({ id: sessionId })}><Play aria-hidden className="size-3" />Start queue</Button>}
          {items.length > 0 && <Button small tone="quiet" disabled={clear.isPending} onClick={() => clear.mutate({ id: sessionId })}>Clear</Button>}
        </span>
      </div>
      {queue.reason !== null && (
        <p className="mb-1.5 flex items-start gap-1 text-xs text-danger">
          <span className="min-w-0 flex-1 break-words">{queue.reason}</span>
          <IconButton label="Dismiss why the queue stopped" icon={<X />} onClick={() => stop.mutate({ id: sessionId })} />
        </p>
      )}
      <QueuedMessages sessionId={sessionId} label="Prompts that wait" runs={items} before={messages} after={[]} />
    </section>
  )
}

const policies = [['stop', 'stop'], ['skip', 'go on with the next'], ['retry', 'try again']] as const

function Policy({ queue: { sessionId, onFailure, goBack } }: { readonly queue: Queue }) {
  const { orpc } = useServices()
  const set = useMutation(orpc.prompts.set.mutationOptions())
  return (
    <>
      <label className="flex items-center gap-1.5 text-xs">
        After a failure
        <select
          value={onFailure}
          onChange={(event) => {
            const chosen = policies.find(([value]) => value === event.target.value)
            if (chosen) set.mutate({ id: sessionId, onFailure: chosen[0] })
          }}
          className={classNames(inputStyle, 'h-7 w-auto py-0 text-xs')}
        >
          {policies.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
        </select>
      </label>
      <label className="flex items-center gap-1.5 text-xs" title="The conversation goes on from before the prompt that failed; what was said stays on a branch of its own">
        <input type="checkbox" checked={goBack} onChange={(event) => set.mutate({ id: sessionId, goBack: event.target.checked })} />
        and go back before it
      </label>
    </>
  )
}
