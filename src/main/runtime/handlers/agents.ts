import { agentOf, agentsNow, agentTree } from '#core/agents/agent-tree'
import type { Run } from '#contract/runs'
import { AppError } from '#core/errors'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

const noSignal = new AbortController().signal

export function agentHandlers({ store }: Pick<RuntimePorts, 'store'>, { events, sessions, runs, workspaces, attachments, templates }: Services) {
  return {
    templates: os.agents.templates.handler(() => ({ items: templates.list() })),
    list: os.agents.list.handler(() => {
      events.settle()
      const data = agentsNow(store)
      return { success: true as const, data, count: data.length }
    }),
    get: os.agents.get.handler(({ input }) => {
      events.settle()
      return agentOf(store, input.id)
    }),
    tree: os.agents.tree.handler(({ input }) => {
      events.settle()
      return { items: agentTree(store, input.id) }
    }),
    execute: os.agents.execute.handler(async ({ input, context, signal }) => {
      const sessionId = input.sessionId ?? (await startSession(input, context.traceId)).id
      if (input.sessionId !== undefined && (input.model !== undefined || input.mode !== undefined)) {
        sessions.patch({ id: sessionId, model: input.model, mode: input.mode }, context.traceId)
      }
      const { id: runId } = runs.send(sessionId, { text: input.instruction, attachments: attachments.pick(sessionId, input.attachments ?? []) }, context.traceId)
      const run = await runs.waitForEnd(runId, input.timeoutMs, signal ?? noSignal)
      return answer(run)
    }),
  }

  /** In the workspace that is asked for, else in the one that was opened last. */
  async function startSession({ workspaceId, model, mode }: { workspaceId?: string | undefined; model?: string | undefined; mode?: Run['mode'] | undefined }, traceId: string) {
    const [newest] = await workspaces.list()
    return sessions.create({ workspaceId: workspaceId ?? newest?.id ?? null, model, mode }, traceId)
  }

  function answer(run: Run) {
    const ids = { runId: run.id, sessionId: run.sessionId }
    switch (run.state) {
      case 'queued':
      case 'running':
      case 'waiting':
        return { status: 202 as const, body: ids }
      case 'completed':
        return { status: 200 as const, body: { ...ids, text: finalText(run), usage: run.usage } }
      case 'failed':
      case 'cancelled':
      case 'interrupted':
        throw new AppError(run.error?.code ?? 'TASK_STOPPED', run.error?.message ?? 'The run was stopped.', {
          data: ids, ...(run.error && { retryable: run.error.retryable }),
        })
    }
  }

  /** Of the last reply of the run. Others may have gone on in the session meanwhile. */
  function finalText(run: Run): string {
    let cursor: string | undefined
    for (;;) {
      const page = sessions.entries(run.sessionId, { headId: run.headId, cursor, limit: 50 })
      const reply = page.items.findLast((entry) => entry.runId === run.id && entry.payload.kind === 'assistant_message')
      if (reply?.payload.kind === 'assistant_message') return reply.payload.text
      if (page.nextCursor === null) return ''
      cursor = page.nextCursor
    }
  }
}
