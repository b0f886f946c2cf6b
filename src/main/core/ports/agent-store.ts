import type { AgentLimits } from '#contract/agent-templates'
import type { AgentOrigin } from '#contract/agent-origin'
import type { Usage } from '#contract/common'

/** The agent that works in a session, where somebody else than a person began it. */
export interface StoredAgent extends AgentOrigin {
  readonly sessionId: string
  /** The run that its work began with; null until there is one. */
  readonly runId: string | null
  /** The call that started it: the same when that is made again after a restart. */
  readonly callKey: string | null
  readonly callId: string | null
  readonly instruction: string
  readonly limits: AgentLimits
  readonly createdAt: number
}

export interface AgentStore {
  /** Throws when the call has one already (a bug). */
  insert(agent: StoredAgent): void
  get(sessionId: string): StoredAgent | null
  findByCall(parentRunId: string, callKey: string): StoredAgent | null
  /** Children and micro agents of a run, oldest first; not its tasks. */
  children(parentRunId: string): StoredAgent[]
  setRun(sessionId: string, runId: string): void
  setHandedOver(sessionId: string, at: number): void
  /** What all agents below a run used. */
  spentBelow(runId: string): { readonly usage: Usage; readonly costUsd: number | null }
  /** The conversations of all agents below one, which nobody sees without it. */
  sessionsBelow(sessionId: string): string[]
}
