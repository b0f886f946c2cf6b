import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AgentNode } from '#contract/agents'
import { Button } from '../../components/button'
import { ErrorNote } from '../../components/feedback'
import { TextField } from '../../components/field'
import { useServices } from '../../lib/services'
import { describeState, describeUse, isAtWork } from './agent-words'

/** The agent that is chosen in the tree, and what can be done with it. */
export function AgentPanel({ node, now, onOpenSession, onOpenTask }: {
  readonly node: AgentNode
  readonly now: number
  readonly onOpenSession: (sessionId: string) => void
  readonly onOpenTask: (taskId: string) => void
}) {
  const { orpc } = useServices()
  const { runId, sessionId, taskId } = node
  const stop = useMutation(orpc.runs.cancel.mutationOptions({ meta: { shownInPlace: true } }))
  const title = node.level === 'parent' ? 'This turn' : node.title
  const facts = [node.template, describeState(node), `${node.steps} ${node.steps === 1 ? 'step' : 'steps'}`, describeUse(node, now)].filter((part) => part !== '')
  return (
    <div role="group" aria-label={`Agent: ${title}`} className="flex flex-col gap-2 rounded-md border border-line bg-surface p-2.5">
      <div>
        <p className="font-medium break-words">{title}</p>
        <p className="text-xs text-muted">{facts.join(' · ')}</p>
        {node.reason !== null && <p className="text-xs break-words text-muted">{node.reason}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        {sessionId !== null && node.level !== 'parent' && <Button small onClick={() => onOpenSession(sessionId)}>Open its conversation</Button>}
        {taskId !== null && <Button small onClick={() => onOpenTask(taskId)}>Open the task</Button>}
        {runId !== null && isAtWork(node) && <Button small disabled={stop.isPending} onClick={() => stop.mutate({ id: runId })}>{node.level === 'parent' ? 'Stop all' : 'Stop'}</Button>}
      </div>
      {stop.error !== null && <ErrorNote error={stop.error} />}
      {sessionId !== null && isAtWork(node) && node.level !== 'parent' && <Steer sessionId={sessionId} />}
    </div>
  )
}

/** It reads what it is told before its next step. */
function Steer({ sessionId }: { readonly sessionId: string }) {
  const { orpc, toasts } = useServices()
  const [text, setText] = useState('')
  const send = useMutation(orpc.sessions.send.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: () => {
      setText('')
      toasts.info('The agent reads it before its next step.')
    },
  }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '' && !send.isPending) send.mutate({ id: sessionId, text: text.trim(), steer: true })
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-1.5">
      <TextField label="Message to this agent" hint="It reads it before its next step." value={text} maxLength={20_000} onChange={(event) => setText(event.target.value)} />
      <Button type="submit" small className="self-start" disabled={text.trim() === '' || send.isPending}>Send</Button>
      {send.error !== null && <ErrorNote error={send.error} />}
    </form>
  )
}
