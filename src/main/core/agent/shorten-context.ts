import type { Attachment } from '#contract/attachments'
import { type ModelContext, visibleEntries } from '../context/build-context'
import { planDiscard, planSummary, type SummaryPlan, tokenBudget } from '../context/fit'
import { summaryPrompt } from '../context/system-prompt'
import { AppError } from '../errors'
import { costOf, estimatedUsage, estimateTokens } from '../models/usage'
import { contextOf, type ModelCall } from './call-model'
import { beginStep, endStep } from './steps'
import { streamReply } from './stream-reply'
import type { Turn, TurnPorts } from './turn'

/** A turn can be shortened this often before a call: discard, summarise, and once more for what the summary itself needs. */
const MAX_ROUNDS = 4
const SUMMARY_OUTPUT_TOKENS = 2000
const MAX_COVERED_CHARS = 400_000

/**
 * The context of the next call, made to fit: leaves out old tool outputs first, then summarises the older part of the conversation. The
 * journal keeps everything; an entry marks what the model no longer sees. AppError CONTEXT_TOO_LONG when the newest
 * message alone is too long, or the error of the summarising call.
 */
export async function shortenContext(ports: TurnPorts, turn: Turn, call: ModelCall, calibration: number, signal: AbortSignal): Promise<ModelContext | AppError> {
  const budget = tokenBudget(call.resolved.model)
  for (let round = 0; ; round += 1) {
    const context = contextOf(turn, call)
    if (context.tokens * calibration <= budget.input || round === MAX_ROUNDS || signal.aborted) return context
    const discard = planDiscard(context, budget, calibration)
    if (discard) {
      ports.events.transact((emit) => { turn.append(emit, { kind: 'context_discard', ...discard }, null) })
      continue
    }
    const plan = planSummary(turn.path, context, budget, calibration, ports.clock.now())
    // Estimates may be too careful: what fits by the plain one is for the provider to judge.
    if (!plan) return context.tokens <= budget.input ? context : tooLong(call, Math.round(context.tokens * calibration))
    const failed = await summarise(ports, turn, call, plan, context.tokens, signal)
    if (failed) return failed
  }
}

async function summarise(ports: TurnPorts, turn: Turn, call: ModelCall, plan: SummaryPlan, tokensBefore: number, signal: AbortSignal): Promise<AppError | null> {
  const { model, name, provider } = call.resolved
  const step = beginStep(ports, turn, { kind: 'model', name: model.id, purpose: 'summary', callId: null, repeatable: true, fingerprint: null })
  const transcript = transcribe(turn, plan)
  const reply = await streamReply(ports, turn, step, provider, {
    model: name, system: summaryPrompt, messages: [{ role: 'user', text: transcript }], tools: [],
    maxOutputTokens: Math.min(SUMMARY_OUTPUT_TOKENS, tokenBudget(model).output), thinking: false,
  }, signal)
  const text = reply.end === 'done' ? reply.text.trim() : ''
  const usage = (reply.end === 'done' && reply.usage) || estimatedUsage(estimateTokens(transcript), reply.text)
  const error = reply.end === 'error' ? reply.error : text === '' && reply.end === 'done' ? new AppError('CONTEXT_TOO_LONG', 'The conversation is too long for the model and could not be summarised.') : null
  ports.events.transact((emit) => {
    const covered = plan.covered.reduce((sum, { tokens }) => sum + tokens, 0)
    const entry = text === '' ? null : turn.append(emit, {
      kind: 'summary', text, untilEntryId: plan.untilEntryId, keptEntryIds: plan.keptEntryIds,
      tokensBefore, tokensAfter: Math.max(0, tokensBefore - covered + estimateTokens(text)),
    }, step.id)
    endStep(ports, turn, emit, step, {
      state: error ? 'failed' : reply.end === 'aborted' ? 'cancelled' : 'completed',
      entryId: entry?.id ?? null, usage, costUsd: costOf(usage, model.price), ...(error && { error }),
    })
  })
  return error
}

/** What an earlier summary said goes into the new one. */
export function transcribe(turn: Pick<Turn, 'path'>, { covered }: Pick<SummaryPlan, 'covered'>): string {
  const earlier = visibleEntries(turn.path).summary?.payload.text
  const perItem = Math.floor(MAX_COVERED_CHARS / Math.max(1, covered.length))
  const lines = covered.map(({ message }) => {
    const text = message.role === 'tool' ? message.content : message.role === 'user' ? message.text + attached(message.attachments) : message.text
    const calls = message.role === 'assistant' ? message.toolCalls.map(({ name, arguments: input }) => `\n[calls ${name} ${JSON.stringify(input)}]`).join('') : ''
    const speaker = message.role === 'tool' ? `result of ${message.toolName}` : message.role
    return `<${speaker}>\n${clip(text + calls, Math.max(2000, perItem))}\n</${speaker}>`
  })
  return [...(earlier === undefined ? [] : [`<earlier summary>\n${earlier}\n</earlier summary>`]), ...lines].join('\n')
}

function attached(attachments: readonly Attachment[] = []): string {
  return attachments.map(({ path, name }) => `\n[attached ${path ?? name}]`).join('')
}

function clip(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)} […]`
}

function tooLong(call: ModelCall, tokens: number): AppError {
  const { model } = call.resolved
  const window = model.contextWindow ?? tokenBudget(model).input
  return new AppError('CONTEXT_TOO_LONG', `The newest message is too long for ${model.id}: about ${tokens} tokens, its window is ${window}. It is kept. Shorten it, attach it as a file, or pick a model with a larger window.`)
}
