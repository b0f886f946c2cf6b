import type { WorkflowRun } from '#contract/workflows'
import type { AgentProfiles } from '../agents/profiles'
import type { EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import { createListWorkflows, createRunWorkflow, createSaveWorkflow, type RunWorkflowInput } from '../tools/workflow-tools'
import type { ExecuteContext, Tool, ToolOutput } from '../tools/tool'
import { outcomeWord } from './texts'
import type { Workflows } from './workflows'

const MAX_RESULT_CHARS = 4_000

export interface WorkflowCallPorts {
  readonly store: Store
  readonly events: EventStream
  readonly profiles: Pick<AgentProfiles, 'modeOf'>
  readonly workflows: () => Pick<Workflows, 'list' | 'find' | 'problems' | 'create' | 'start'>
}

/** The tools with which agents see, save and run workflows. */
export function workflowTools(ports: WorkflowCallPorts): readonly Tool[] {
  const { workflows } = ports
  return [
    createListWorkflows(() => workflows().list()),
    createRunWorkflow({ find: (name) => workflows().find(name), run: (input, context) => runWorkflow(ports, input, context) }),
    createSaveWorkflow({ problems: (body) => workflows().problems(body), save: (body, traceId) => workflows().create(body, traceId), exists: (name) => workflows().list().some((other) => other.name === name) }),
  ]
}

/** Made again after a restart, the call finds the run that it started. Rejects with the signal's reason. */
async function runWorkflow({ store, events, profiles, workflows }: WorkflowCallPorts, { workflow, inputs }: RunWorkflowInput, context: ExecuteContext): Promise<ToolOutput> {
  const { call, sessionId, signal } = context
  const known = store.workflows.findRunByCall(call.runId, call.key)
  const { id } = known ?? workflows().start(workflows().find(workflow).id, { inputs, workspaceId: store.sessions.get(sessionId)?.workspaceId ?? null, mode: profiles.modeOf(sessionId) }, {
    source: { by: 'agent', sessionId, runId: call.runId }, callKey: call.key, traceId: call.traceId,
  })
  return context.aside(async () => {
    for await (const _message of events.subscribe({ topics: ['workflow.run'] }, signal)) {
      const run = store.workflows.getRun(id)
      if (!run) return { content: 'There is no run of this call any more.', isError: true }
      if (run.endedAt !== null) return outcome(run)
    }
    signal.throwIfAborted()
    throw new Error('the event stream ended')
  })
}

function outcome({ name, state, steps, output, error }: WorkflowRun): ToolOutput {
  const parts = steps.map(({ key, title, state: stepState, result, reason }) => {
    const said = result || (reason ?? '')
    return `## ${key}: ${title}\n${outcomeWord(stepState)}${said === '' ? '' : `\n\n${said.length > MAX_RESULT_CHARS ? `${said.slice(0, MAX_RESULT_CHARS)}…` : said}`}`
  })
  const head = `The workflow “${name}” has ended: ${state}.${error === null ? '' : ` ${error.message}`}`
  return {
    content: [head, ...(output === null || output === '' ? parts : [output, ...parts])].join('\n\n'), isError: state !== 'completed',
    details: { kind: 'tasks', taskIds: steps.flatMap(({ taskId }) => (taskId === null ? [] : [taskId])) },
  }
}
