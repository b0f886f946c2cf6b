import { type TeamPorts, teamTools } from '#core/agents/team'
import type { ModelRegistry } from '#core/models/model-registry'
import type { Tasks } from '#core/tasks/create-tasks'
import type { ScriptRunner } from '#core/ports/script-runner'
import { builtinFunctions } from '#core/scripts/builtin-functions'
import { registerGlobalFunctions } from '#core/scripts/global-functions'
import { designSchema } from '#core/tools/design-schema'
import { createHealthTools } from '#core/tools/health-tools'
import { createRunScript } from '#core/tools/run-script'
import type { Tool } from '#core/tools/tool'
import type { RecentError } from '#core/work/recent-errors'
import type { WorkService } from '#core/work/work-service'
import { type WorkflowCallPorts, workflowTools } from '#core/workflows/workflow-calls'

interface Ports extends Pick<WorkflowCallPorts, 'store'> {
  readonly recentErrors: () => readonly RecentError[]
  readonly scripts: ScriptRunner
}

type Made = Pick<TeamPorts, 'events' | 'audit'> & Pick<WorkflowCallPorts, 'profiles'>

/** Made later than the tools. */
interface Later {
  readonly workflows: ReturnType<WorkflowCallPorts['workflows']>
  readonly tasks: Pick<Tasks, 'actions'>
  readonly runs: ReturnType<TeamPorts['runs']>
  readonly models: Pick<ModelRegistry, 'providers' | 'test'>
  readonly work: Pick<WorkService, 'current'>
}

/** The tools that reach over several services. */
export function agentTools({ store, recentErrors, scripts }: Ports, made: Made, later: () => Later): readonly Tool[] {
  return [
    ...workflowTools({ store, events: made.events, profiles: made.profiles, workflows: () => later().workflows }),
    ...teamTools({ store, events: made.events, audit: made.audit, actions: () => later().tasks.actions, runs: () => later().runs }),
    ...createHealthTools({ errors: recentErrors, metrics: () => metricsText(later()), connectivity: () => connectivityText(later()) }),
    designSchema, createRunScript({ runner: scripts, functions: registerGlobalFunctions(builtinFunctions) }),
  ]
}

function metricsText({ work }: Pick<Later, 'work'>): string {
  const { running, waiting, queued, held, ready, pausedAt, lockedAt } = work.current()
  return [
    `turns at work: ${running}`, `waiting for a person: ${waiting}`, `waiting for a place: ${queued}`, `tasks in Ready: ${ready}`, `steps held by a pause: ${held}`,
    ...(pausedAt === null ? [] : [`paused since ${new Date(pausedAt).toISOString()}`]), ...(lockedAt === null ? [] : [`locked down since ${new Date(lockedAt).toISOString()}`]),
  ].join('\n')
}

async function connectivityText({ models }: Pick<Later, 'models'>): Promise<string> {
  const lines = await Promise.all((await models.providers()).map(async ({ id, name }) => {
    const { ok, models: count, error } = await models.test(id)
    return `${name}: ${ok ? `reached, ${count} models` : (error?.message ?? 'not reached')}`
  }))
  return lines.join('\n') || 'No provider is set up.'
}
