import type { Entry } from '#contract/entries'
import type { GuardrailHit, Policy } from '#contract/guardrails'
import { askPerson } from '../agent/people'
import type { ToolPorts } from '../agent/tool-ports'
import type { Turn } from '../agent/turn'
import { AppError } from '../errors'
import { violationOf } from './policies'
import { recordHit } from './record-hit'
import { trippedBy } from './tripwires'

export interface GuardPorts extends ToolPorts {
  /** Calls in the busiest minute of each earlier run in the folder, the newest fifty. */
  readonly busiestMinutes: () => readonly number[]
}

interface Finding extends Omit<GuardrailHit, 'outcome'> {
  readonly action: 'warn' | 'pause' | 'stop'
}

/**
 * Looks at what is new in a run: its message, its newest reply, and what it has been doing. Records what it finds, and waits for a person
 * where that is wanted. The error ends the run; null lets it go on. Rejects with the signal's reason.
 */
export async function guardRun(ports: GuardPorts, turn: Turn, signal: AbortSignal): Promise<AppError | null> {
  for (const finding of findingsOf(ports, turn)) {
    const { action, ...hit } = finding
    const outcome = action === 'pause' ? await ask(ports, turn, finding, signal) : action === 'warn' ? 'warned' : 'stopped'
    recordHit(ports, turn, { ...hit, outcome })
    if (outcome === 'stopped') return new AppError('GUARDRAIL_STOPPED', `${hit.why} The run was stopped; what it did until then is kept.`)
  }
  return null
}

function findingsOf(ports: GuardPorts, turn: Turn): Finding[] {
  const { policies, tripwires } = ports.guardrails()
  const trip = trippedBy(turn.path, turn.run.id, tripwires, ports.busiestMinutes)
  const last = turn.path.at(-1)
  const ofRun: Finding[] = trip && last ? [{ rail: trip.name, entryId: last.id, on: 'run', why: trip.why, action: tripwires.action }] : []
  return [...ofTexts(policies, turn), ...ofRun]
}

function ofTexts(policies: readonly Policy[], turn: Turn): Finding[] {
  if (!policies.some(({ enabled, on }) => enabled && on.some((place) => place !== 'tool'))) return []
  const own = turn.path.filter(({ runId, id }) => runId === turn.run.id || id === turn.run.entryId)
  const seen = new Set(own.flatMap(({ payload }) => (payload.kind === 'guardrail' ? [`${payload.rail} ${payload.entryId}`] : [])))
  const asked = own.filter(({ payload }) => payload.kind === 'user_message')
  const reply = own.findLast(({ payload }) => payload.kind === 'assistant_message')
  return [...asked, reply].flatMap((entry): Finding[] => {
    const part = entry && partOf(entry)
    const violation = part && violationOf(policies, part.on, part.text)
    if (!entry || !part || !violation || seen.has(`${violation.policy.id} ${entry.id}`)) return []
    return [{ rail: violation.policy.id, entryId: entry.id, on: part.on, why: violation.why, action: violation.policy.action === 'ask' ? 'pause' : violation.policy.action }]
  })
}

function partOf({ payload }: Entry): { readonly on: 'prompt' | 'reply'; readonly text: string } | null {
  if (payload.kind === 'user_message') return { on: 'prompt', text: payload.text }
  return payload.kind === 'assistant_message' ? { on: 'reply', text: payload.text } : null
}

/** The same question after a restart: its id follows from what was found. */
async function ask(ports: GuardPorts, turn: Turn, { rail, entryId, why }: Finding, signal: AbortSignal): Promise<'allowed' | 'stopped'> {
  const { answer } = await askPerson(ports, turn, {
    kind: 'approval', callId: `guardrail ${rail} ${entryId}`, toolName: 'guardrail', arguments: {}, title: 'Shall the agent go on?', reason: why,
    decisions: ['once', 'reject'], choices: [],
  }, signal)
  return answer.decision === 'reject' ? 'stopped' : 'allowed'
}
