import type { Mode } from '#contract/common'
import type { ToolOutcome } from '#contract/entries'
import type { GuardrailSettings } from '#contract/guardrails'
import type { Grant } from '#contract/workspaces'
import type { AppError } from '../errors'
import type { Audit, AuditEntry } from '../audit/audit-log'
import type { ResolvedModel } from '../models/model-registry'
import type { OwnRules } from '../permissions/rules'
import type { Logger } from '../ports/system'
import type { Capability, Tool, ToolContext, ToolOutput } from '../tools/tool'
import type { EffectWatch } from './effects'
import type { People, Waiting } from './people'
import type { TurnPorts } from './turn'

/** What tool calls of a turn work with. */
export interface ToolPorts extends TurnPorts {
  readonly tools: ReadonlyMap<string, Tool>
  readonly toolContext: ToolContext
  readonly people: People
  readonly waiting: Waiting
  /** Before each step: waits while everything is paused. Rejects with the signal's reason. */
  readonly mayStart: (signal: AbortSignal) => Promise<void>
  /** Of the run, or of what it belongs to. */
  readonly limitReached: () => AppError | null
  readonly logger: Logger
  /** As they are now, so that a grant counts from the next call on. */
  readonly permissions: (capability: Capability) => CurrentPermissions
  readonly audit: Audit
  /** Policies and tripwires of the person, as they are now. */
  readonly guardrails: () => GuardrailSettings
  /** The rules of the person, as they are now. */
  readonly ownRules: CurrentRules
  /** That of the session, with its client. AppError when there is none. */
  readonly model: () => Promise<ResolvedModel>
  /** Told before something may be changed. */
  readonly effects: EffectWatch
}

export interface CurrentPermissions {
  readonly mode: Mode
  readonly trusted: boolean
  readonly grants: readonly Grant[]
  readonly sandboxed: boolean
  readonly allowedHosts: readonly string[]
}

export type CurrentRules = () => Pick<OwnRules, 'rules' | 'agent'>

/** How a call ended, before it is recorded. */
export interface CallOutcome {
  readonly outcome: ToolOutcome
  readonly output: ToolOutput
  readonly durationMs: number
  readonly error?: AppError
  /** Why it did not run, for the audit. */
  readonly decision?: AuditEntry
}
