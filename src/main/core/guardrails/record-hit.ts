import type { GuardrailHit } from '#contract/guardrails'
import type { ToolPorts } from '../agent/tool-ports'
import type { Turn } from '../agent/turn'

/** In the conversation and in the audit. */
export function recordHit(ports: Pick<ToolPorts, 'events' | 'audit'>, turn: Turn, hit: GuardrailHit): void {
  ports.events.transact((emit) => {
    turn.append(emit, { kind: 'guardrail', ...hit }, null)
    ports.audit.append({ kind: 'guardrail', severity: hit.outcome === 'stopped' ? 'high' : 'medium', title: `${words[hit.outcome]}: ${hit.why}`, content: hit }, turn.source)
  })
}

const words = { warned: 'Warned', allowed: 'Allowed by a person', stopped: 'Stopped' } as const
