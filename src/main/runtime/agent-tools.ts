import { teamTools } from '#core/agents/team'
import { designSchema } from '#core/tools/design-schema'
import { createHealthTools } from '#core/tools/health-tools'
import type { Tool } from '#core/tools/tool'
import { workflowTools } from '#core/workflows/workflow-calls'
import type { RuntimePorts, Services } from './services'

type Made = Pick<Services, 'events' | 'audit'> & { readonly profiles: Parameters<typeof workflowTools>[0]['profiles'] }
/** Made later than the tools. */
type Later = () => Pick<Services, 'workflows' | 'tasks' | 'runs' | 'models' | 'work'>

/** The tools that reach over several services. */
export function agentTools({ store, recentErrors }: Pick<RuntimePorts, 'store' | 'recentErrors'>, made: Made, later: Later): readonly Tool[] {
  return [
    ...workflowTools({ store, events: made.events, profiles: made.profiles, workflows: () => later().workflows }),
    ...teamTools({ store, events: made.events, audit: made.audit, actions: () => later().tasks.actions, runs: () => later().runs }),
    ...createHealthTools({ errors: recentErrors, metrics: () => metricsText(later()), connectivity: () => connectivityText(later()) }),
    designSchema,
  ]
}

function metricsText({ work }: Pick<Services, 'work'>): string {
  const { running, waiting, queued, held, ready, pausedAt, lockedAt } = work.current()
  return [
    `turns at work: ${running}`, `waiting for a person: ${waiting}`, `waiting for a place: ${queued}`, `tasks in Ready: ${ready}`, `steps held by a pause: ${held}`,
    ...(pausedAt === null ? [] : [`paused since ${new Date(pausedAt).toISOString()}`]), ...(lockedAt === null ? [] : [`locked down since ${new Date(lockedAt).toISOString()}`]),
  ].join('\n')
}

async function connectivityText({ models }: Pick<Services, 'models'>): Promise<string> {
  const lines = await Promise.all((await models.providers()).map(async ({ id, name }) => {
    const { ok, models: count, error } = await models.test(id)
    return `${name}: ${ok ? `reached, ${count} models` : (error?.message ?? 'not reached')}`
  }))
  return lines.join('\n') || 'No provider is set up.'
}
