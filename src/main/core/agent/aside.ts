import type { ToolCall } from '#contract/entries'
import { AppError } from '../errors'
import { costOf, estimatedUsage, estimateTokens } from '../models/usage'
import type { ModelMessage } from '../ports/model-provider'
import { tokenBudget } from '../context/fit'
import type { Asides } from '../tools/tool'
import { askWhileRunning } from './people'
import { beginStep, endStep } from './steps'
import { streamReply } from './stream-reply'
import type { ToolPorts } from './tool-ports'
import type { Turn } from './turn'

/** Of one call. */
const MOST_ASIDES = 50

/** What a call at work may ask for: a word of the person, a reply of the model. The person is asked in the name of whoever wants to know. */
export function createAsides(ports: ToolPorts, turn: Turn, call: ToolCall, signal: AbortSignal): Asides {
  let count = 0
  const next = () => {
    count += 1
    if (count > MOST_ASIDES) throw new AppError('CONFLICT', 'This call asked too often.')
  }
  return {
    ask: async ({ text, choices, reason }, askSignal) => {
      next()
      const answer = await askWhileRunning(ports, turn, {
        kind: 'question', callId: call.id, toolName: call.name, arguments: {}, title: text, reason, decisions: ['once', 'reject'], choices: [...choices],
      }, AbortSignal.any([signal, askSignal]))
      return answer.decision === 'reject' ? null : (answer.message ?? '')
    },
    reply: async ({ system, messages, maxTokens }, replySignal) => {
      next()
      const both = AbortSignal.any([signal, replySignal])
      await ports.mayStart(both)
      const { model, name, provider } = await ports.model()
      const step = beginStep(ports, turn, { kind: 'model', name: model.id, purpose: 'sampling', callId: null, repeatable: true, fingerprint: null })
      const reply = await streamReply(ports, turn, step, provider, {
        model: name, system, messages: messages.map(toMessage), tools: [], maxOutputTokens: Math.min(maxTokens, tokenBudget(model).output), thinking: false,
      }, both)
      const usage = (reply.end === 'done' && reply.usage) || estimatedUsage(estimateTokens(system + messages.map(({ text }) => text).join('\n')), reply.text)
      ports.events.transact((emit) => {
        endStep(ports, turn, emit, step, {
          state: reply.end === 'done' ? 'completed' : reply.end === 'aborted' ? 'cancelled' : 'failed', entryId: null, usage, costUsd: costOf(usage, model.price),
          ...(reply.end === 'error' && { error: reply.error }),
        })
      })
      both.throwIfAborted()
      if (reply.end === 'error') throw reply.error
      return { text: reply.text, model: model.id }
    },
  }
}

function toMessage({ role, text }: { readonly role: 'user' | 'assistant'; readonly text: string }): ModelMessage {
  return role === 'user' ? { role, text } : { role, text, toolCalls: [], thinking: [] }
}
