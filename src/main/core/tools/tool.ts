import type { z } from 'zod'
import type { Confinement, Entry, ToolDetails, ToolOutcome } from '#contract/entries'
import type { FlowLabel } from '#contract/flow'
import type { Emit } from '../events/event-stream'
import type { ArtifactStore } from '../ports/artifact-store'
import type { CommandRunner } from '../ports/command-runner'
import type { BinStore } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { TextSearch, WorkspaceFolder } from '../ports/workspace-files'

/**
 * What a tool does to the world. The permission rules speak of these, not of tool names. `memory`: notes something, where rules of
 * memory itself decide what becomes of it. `propose`: changes how agents work or what they know, so a person decides. `delegate`: starts
 * agents that may do no more; `tasks`: makes tasks; `mcp`: whatever a server from outside does with it. `script`: nothing by itself, all that it
 * does are calls of tools.
 */
export type Capability = 'read' | 'edit' | 'execute' | 'network' | 'ask' | 'memory' | 'propose' | 'delegate' | 'tasks' | 'mcp' | 'script'

/** What a tool works with. `folder` is the session's workspace. */
export interface ToolContext {
  readonly sessionId: string
  readonly workspaceId: string
  readonly folder: WorkspaceFolder
  readonly search: TextSearch
  readonly commands: CommandRunner
  readonly artifacts: ArtifactStore
  readonly bin: Pick<BinStore, 'insert'>
  readonly clock: Clock
  readonly newId: NewId
}

/** Whose call it is. */
export interface CallIdentity {
  readonly runId: string
  readonly callId: string
  /** Of this call in its run; the same when it is made again after a restart. */
  readonly key: string
  readonly traceId: string
}

/** What a call at work may ask for. Both reject with the reason of a signal that aborts. */
export interface Asides {
  /** A question of others in the conversation and the inbox; null: the person did not want to answer. */
  ask(question: { readonly text: string; readonly choices: readonly string[]; readonly reason: string }, signal: AbortSignal): Promise<string | null>
  /** One reply of the model of the session, without its conversation and its tools. */
  reply(request: { readonly system: string; readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]; readonly maxTokens: number }, signal: AbortSignal): Promise<{ readonly text: string; readonly model: string }>
}

/** How a call ended that a call at work made. */
export interface InnerResult {
  readonly outcome: ToolOutcome
  readonly content: string
  readonly details?: ToolDetails
  readonly labels: readonly FlowLabel[]
  readonly durationMs: number
}

/** Calls of tools that a call at work makes itself: each is judged, asked about and recorded as one that the model makes. */
export interface InnerCalls {
  /** Not before the one before has ended. Rejects with the signal's reason, the limit of the run that is reached (AppError), and for what is wrong with the journal. */
  make(tool: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<InnerResult>
}

export interface ExecuteContext extends ToolContext {
  /** Of the turn, root to the newest entry; in a call that another call made, with what that one has read until now. */
  readonly conversation: readonly Entry[]
  readonly inner: InnerCalls
  readonly asides: Asides
  readonly signal: AbortSignal
  /** Shows output while the tool still runs. */
  readonly onOutput: (text: string) => void
  /** Unique per call; marks the processes of a command. */
  readonly stepId: string
  /** What the person answered, for a tool that asks. */
  readonly answer: string | null
  readonly call: CallIdentity
  /** Others get the place among the working turns while this only waits for them. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>
}

export interface ToolOutput {
  /** What the model reads. Longer than the limit, it is cut and stored whole by the loop. */
  readonly content: string
  readonly details?: ToolDetails
  readonly isError?: boolean
  /** What the model has read with it, beyond what its kind says. */
  readonly labels?: readonly FlowLabel[]
  /** It was stopped by its signal before it ended; the content is what there was until then. */
  readonly stopped?: boolean
  /** Where the tool itself stored the whole output. */
  readonly artifact?: { readonly id: string; readonly bytes: number }
}

/** A call that has been checked against the world and is ready to be decided on. Preparing changes nothing. */
export interface PreparedCall {
  /** One sentence: what would happen. */
  readonly title: string
  /** Real workspace paths that are read or changed. */
  readonly paths: readonly string[]
  /** Servers that are asked, as `host` or `host:port`. */
  readonly hosts?: readonly string[]
  readonly preview?: ToolDetails
  /** JSON. Stored with the intent; given to `reconcile` after a crash. */
  readonly fingerprint?: unknown
  /** Of a command: how it would run. */
  readonly confinement?: Confinement
  readonly question?: { readonly text: string; readonly choices: readonly string[] }
  /** It is a plan that a person decides about: in the transaction that asks them. The result is its id. */
  readonly plan?: (emit: Emit, requestId: string, call: CallIdentity) => string
  /** May throw AppError, which the model gets as the call's result. */
  execute(context: ExecuteContext): Promise<ToolOutput>
}

/** Whether the effect of a call happened, judged from the world. */
export type Reconciliation = 'done' | 'not_done' | 'unknown'

/**
 * Where a tool is offered: to whom has the checklist of a task or a search of the web, to whom may start agents, to whom works for
 * another agent, or to everybody. The others need a folder, unless they ask, propose or remember.
 */
export type ToolNeed = 'checklist' | 'web_search' | 'delegating' | 'parent' | 'nothing'

export interface Tool {
  readonly name: string
  readonly description: string
  readonly capability: Capability
  /** Without effect: may run beside others and be repeated. */
  readonly readOnly: boolean
  /** The longest the tool may take, in ms. Null: it has its own limit. */
  readonly timeoutMs: number | null
  /** Calls of it in one reply run beside each other; it sees itself how many. */
  readonly sideBySide?: boolean
  /** The same call made again has no second effect. */
  readonly repeatable?: boolean
  readonly needs?: ToolNeed
  /** What it returns was written by nobody whom the person trusts. */
  readonly untrusted?: boolean
  /** Its arguments leave this computer, or reach a program that may send them. */
  readonly sends?: boolean
  /** The MCP server that it belongs to; what a name looks like says nothing. */
  readonly server?: { readonly id: string; readonly name: string }
  /** Why nobody has it now: it is not offered, and a call of it gets this. */
  readonly held?: string
  /** JSON Schema of the arguments, for the model. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Validates and looks, changes nothing. Throws AppError (`INVALID_PARAMETERS` for arguments that do not fit). */
  prepare(input: unknown, context: ToolContext): Promise<PreparedCall>
  /** Of tools with an effect that can be read back. Without it the outcome after a crash is unknown. */
  reconcile?(fingerprint: unknown, context: ToolContext): Promise<Reconciliation>
}

export interface ToolDefinition<Input extends z.ZodType, Fingerprint extends z.ZodType = z.ZodNever> {
  readonly name: string
  readonly description: string
  readonly capability: Capability
  readonly readOnly: boolean
  readonly timeoutMs?: number | null
  readonly sideBySide?: boolean
  readonly repeatable?: boolean
  readonly needs?: ToolNeed
  readonly untrusted?: boolean
  readonly sends?: boolean
  readonly input: Input
  readonly prepare: (input: z.output<Input>, context: ToolContext) => Promise<PreparedCall>
  readonly reconcile?: {
    readonly fingerprint: Fingerprint
    readonly judge: (fingerprint: z.output<Fingerprint>, context: ToolContext) => Promise<Reconciliation>
  }
}
