import type { ToolCall } from '#contract/entries'
import type { Flow } from '#contract/flow'
import type { CallOutcome } from '../agent/tool-ports'
import type { Permission } from '../permissions/rules'
import type { PreparedCall } from '../tools/tool'
import type { AuditEntry } from './audit-log'

const words = { allow: 'Allowed', ask: 'A person is asked', deny: 'Refused' } as const
const endings = { success: 'done', error: 'failed', denied: 'not run', cancelled: 'stopped', unknown: 'not known whether it took effect' } as const

export function decisionEntry(call: ToolCall, { title, paths, hosts, confinement }: PreparedCall, { effect, rule, ruleId, reason }: Permission, flow: Flow | null): AuditEntry {
  return {
    kind: 'decision', severity: flow ? 'high' : effect === 'deny' ? 'medium' : 'low', title: `${words[effect]}: ${title}`,
    content: { effect, rule, ...(ruleId !== undefined && { ruleId }), reason, tool: call.name, callId: call.id, arguments: call.arguments, paths, ...(hosts && { hosts }), ...(confinement && { confinement }), ...(flow && { to: flow.to, sources: flow.sources }) },
  }
}

export function outcomeEntry(call: ToolCall, { outcome, output: { details }, durationMs }: CallOutcome, entryId: string): AuditEntry {
  const command = details?.kind === 'command' ? details : null
  const bare = command?.confinement?.sandboxed === false
  return {
    kind: 'tool', severity: outcome === 'unknown' || bare ? 'medium' : 'low', title: `${call.name}: ${endings[outcome]}`,
    content: { tool: call.name, callId: call.id, outcome, entryId, durationMs: Math.round(durationMs), ...(command && { exitCode: command.exitCode, confinement: command.confinement }) },
  }
}
