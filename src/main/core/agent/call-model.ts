import type { EffectiveBehavior } from '#contract/behavior'
import type { EntryPayload } from '#contract/entries'
import type { Step } from '#contract/runs'
import type { ResolveMessages } from '../attachments/resolve-messages'
import { buildContext, type ModelContext } from '../context/build-context'
import { tokenBudget } from '../context/fit'
import { AppError } from '../errors'
import { costOf, estimatedUsage } from '../models/usage'
import type { CallMemory } from '../memory/agent/call-memory'
import type { ResolvedModel } from '../models/model-registry'
import type { ModelRequest, ToolSpec } from '../ports/model-provider'
import type { Random } from '../ports/system'
import { allowedSecrets, type SecretPorts } from '../secrets/hold-secrets'
import { retryDelay } from './retry'
import { beginStep, endStep } from './steps'
import { type Reply, streamReply } from './stream-reply'
import type { Turn, TurnPorts } from './turn'

export interface ModelCall {
  readonly resolved: ResolvedModel
  readonly system: string
  /** The rules that count for this call. */
  readonly behavior: Pick<EffectiveBehavior, 'rules' | 'text'>
  readonly memory: CallMemory
  readonly tools: readonly ToolSpec[]
}

export interface CallPorts extends SecretPorts {
  readonly random: Random
  readonly resolveMessages: ResolveMessages
  /** Resolves when agents may work: a person can pause all of them. */
  readonly mayStart: (signal: AbortSignal) => Promise<void>
}

/** What is learnt from call to call of a turn. */
export interface Calibration {
  /** Real input tokens per estimated one. */
  ratio: number
}

export type CallEnd = { readonly end: 'replied' } | { readonly end: 'failed'; readonly error: AppError } | { readonly end: 'aborted' }

/** Asks the model once, trying again where that can help; each attempt is a step of its own. The reply is in the journal when this resolves. */
export async function callModel(
  ports: CallPorts, turn: Turn, call: ModelCall, first: ModelContext, calibration: Calibration, signal: AbortSignal,
): Promise<CallEnd> {
  for (let attempt = 1; ; attempt += 1) {
    const context = attempt === 1 ? first : contextOf(turn, call)
    const request = await heldRequest(ports, turn, call, context, signal)
    if (request === null) return { end: 'aborted' }
    const step = beginStep(ports, turn, {
      kind: 'model', name: call.resolved.model.id, purpose: 'turn', callId: null, repeatable: true, fingerprint: null,
    })
    const reply = await streamReply(ports, turn, step, call.resolved.provider, request, signal)
    recordReply(ports, turn, step, call.resolved, context, reply)
    if (reply.end === 'aborted') return { end: 'aborted' }
    if (reply.end === 'done') {
      if (reply.usage && context.tokens > 0) calibration.ratio = clamp(reply.usage.inputTokens / context.tokens)
      return { end: 'replied' }
    }
    const delay = retryDelay(reply.error, attempt, ports.random)
    if (delay === null) return { end: 'failed', error: reply.error }
    const waited = await ports.clock.sleep(delay, signal).then(() => ports.mayStart(signal)).then(() => true, () => false)
    if (!waited) return { end: 'aborted' }
  }
}

export function contextOf(turn: Turn, { system, behavior, memory, tools, resolved }: ModelCall): ModelContext {
  return buildContext({ path: turn.path, system, behavior: behavior.text, memory: memory.text, tools, modelId: resolved.model.id })
}

/** With what may be sent of the secrets in it, once a person has decided. Null: stopped meanwhile. */
async function heldRequest(ports: CallPorts, turn: Turn, call: ModelCall, context: ModelContext, signal: AbortSignal): Promise<ModelRequest | null> {
  const request = await modelRequest(ports, call, context)
  try {
    return { ...request, allowedSecrets: await allowedSecrets(ports, turn, request.messages, call.resolved.model.provider, signal) }
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

async function modelRequest({ resolveMessages }: CallPorts, { resolved, tools }: ModelCall, context: ModelContext): Promise<ModelRequest> {
  return {
    model: resolved.name, system: context.system, tools, messages: await resolveMessages(context.messages, resolved.model),
    maxOutputTokens: tokenBudget(resolved.model).output, thinking: resolved.model.thinking,
  }
}

/** Nothing rests on a reply before the intent of what it asks for, or the end of the run, which bring it to the disk. */
function recordReply(ports: TurnPorts, turn: Turn, step: Step, { model }: ResolvedModel, context: ModelContext, reply: Reply): void {
  const payload = replyPayload(reply, model.id)
  ports.events.transact((emit) => {
    const entry = payload && turn.append(emit, payload, step.id)
    const usage = reply.end === 'done' && reply.usage
      ? reply.usage
      : estimatedUsage(reply.end === 'error' && !reply.text ? 0 : context.tokens, outputText(reply))
    endStep(ports, turn, emit, step, {
      state: reply.end === 'done' ? 'completed' : reply.end === 'aborted' ? 'cancelled' : 'failed',
      entryId: entry?.id ?? null,
      usage, costUsd: costOf(usage, model.price),
      ...(reply.end === 'error' && { error: reply.error }),
    })
  }, 'later')
}

/** Null when nothing arrived that is worth keeping. */
function replyPayload(reply: Reply, model: string): EntryPayload | null {
  if (reply.end === 'done') {
    const { text, thinking, toolCalls, finishReason } = reply
    return { kind: 'assistant_message', text, thinking: [...thinking], toolCalls: [...toolCalls], model, finishReason }
  }
  if (reply.text === '' && reply.thinking === '') return null
  const thinking = reply.thinking === '' ? [] : [{ text: reply.thinking }]
  return { kind: 'assistant_message', text: reply.text, thinking, toolCalls: [], model, finishReason: reply.end === 'aborted' ? 'aborted' : 'cut' }
}

function outputText(reply: Reply): string {
  return reply.end === 'done' ? reply.text + JSON.stringify(reply.toolCalls) : reply.text + reply.thinking
}

function clamp(ratio: number): number {
  return Math.min(3, Math.max(0.5, ratio))
}
