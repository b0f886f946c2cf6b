import type { RunDetail } from '#contract/runs'
import { notFound } from '#core/errors'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function runHandlers({ store }: Pick<RuntimePorts, 'store'>, { events, runs, sessions, attachments }: Services) {
  return {
    get: os.runs.get.handler(({ input }) => {
      events.settle()
      return detail(input.id)
    }),
    list: os.runs.list.handler(({ input: { id, limit } }) => {
      events.settle()
      sessions.entries(id, { limit: 1 })
      return { items: store.runs.listBySession(id, limit) }
    }),
    cancel: os.runs.cancel.handler(({ input, context }) => runs.cancel(input.id, context.traceId)),
    resume: os.runs.resume.handler(({ input, context }) => runs.resume(input.id, context.traceId)),
    retry: os.runs.retry.handler(({ input, context }) => ({ runId: runs.retry(input.id, context.traceId).id })),
    edit: os.runs.edit.handler(({ input: { id, text, attachments: ids }, context }) => {
      const { sessionId } = detail(id)
      return runs.edit(id, { text, ...(ids && { attachments: attachments.pick(sessionId, ids) }) }, context.traceId)
    }),
    steer: os.runs.steer.handler(({ input, context }) => runs.steer(input.id, context.traceId)),
    reorder: os.runs.reorder.handler(({ input: { id, runIds }, context }) => ({ items: runs.reorder(id, runIds, context.traceId) })),
  }

  /** With the arguments of its calls, which the journal holds. */
  function detail(id: string): RunDetail {
    const run = store.runs.get(id)
    if (!run) throw notFound('Run', id)
    const head = store.sessions.get(run.sessionId)?.heads.find((candidate) => candidate.id === run.headId)
    const path = head?.entryId ? store.journal.path(head.entryId) : []
    const calls = path.flatMap((entry) => (entry.runId === id && entry.payload.kind === 'assistant_message' ? entry.payload.toolCalls : []))
    const inputs = new Map(calls.map((call) => [call.id, call.arguments]))
    const steps = store.steps.listByRun(id).map((step) => {
      const input = step.callId === null ? undefined : inputs.get(step.callId)
      return input ? { ...step, arguments: input } : step
    })
    return { ...run, steps }
  }
}
