import { AppError } from '../errors'
import type { StoredAgent } from '../ports/agent-store'
import type { Store } from '../ports/store'
import { GENERAL } from './builtin-templates'

/** Agents that one run may start. */
const MAX_CHILDREN = 100

export interface Wish {
  readonly parentSessionId: string
  readonly parentRunId: string
  readonly template: string
  readonly instruction: string
}

/** Throws AppError: MAX_DEPTH_EXCEEDED, or CONFLICT where an agent above does the very same, or there are too many. The result is the depth of the new one. */
export function assertMayStart(store: Pick<Store, 'agents' | 'runs'>, wish: Wish, maxDepth: number): number {
  const depth = (store.agents.get(wish.parentSessionId)?.depth ?? 0) + 1
  if (depth > maxDepth) throw new AppError('MAX_DEPTH_EXCEEDED', `Agents may start agents ${maxDepth} ${maxDepth === 1 ? 'level' : 'levels'} deep, and this one is at the end. Do it yourself.`)
  const wanted = signature(wish.template, wish.instruction)
  for (const { template, instruction } of ancestry(store, wish)) {
    if (signature(template, instruction) !== wanted) continue
    throw new AppError('CONFLICT', 'An agent above this one was given the very same work, so this would go round in a circle. Do it yourself, or give away a part of it.')
  }
  if (store.agents.children(wish.parentRunId).length >= MAX_CHILDREN) throw new AppError('CONFLICT', `This run has started ${MAX_CHILDREN} agents already. Do the rest yourself.`)
  return depth
}

/** From the agent that wishes up to the one of the person. */
function ancestry({ agents, runs }: Pick<Store, 'agents' | 'runs'>, { parentSessionId, parentRunId }: Wish): Pick<StoredAgent, 'template' | 'instruction'>[] {
  const found: Pick<StoredAgent, 'template' | 'instruction'>[] = []
  let sessionId: string | null = parentSessionId
  let runId: string | null = parentRunId
  while (sessionId !== null) {
    const agent: StoredAgent | null = agents.get(sessionId)
    const run = runId === null ? null : runs.get(runId)
    if (run) found.push({ template: agent?.template ?? GENERAL, instruction: run.text })
    if (agent) found.push(agent)
    sessionId = agent?.parentSessionId ?? null
    runId = agent?.parentRunId ?? null
  }
  return found
}

function signature(template: string, instruction: string): string {
  return `${template}\n${instruction.trim().replaceAll(/\s+/g, ' ').toLowerCase()}`
}
