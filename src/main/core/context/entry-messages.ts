import type { Entry, PayloadOf } from '#contract/entries'
import type { ModelMessage } from '../ports/model-provider'
import { estimateTokens } from '../models/usage'

/** An entry as the model would read it, with its estimated size. */
export interface EntryMessage {
  readonly entry: Entry
  readonly message: ModelMessage
  readonly tokens: number
}

const PER_MESSAGE_TOKENS = 4
const memo = new WeakMap<Entry, EntryMessage>()

/** Null for entries that are not part of the conversation with the model. Entries never change, so each is converted once. */
export function entryMessage(entry: Entry): EntryMessage | null {
  const known = memo.get(entry)
  if (known) return known
  const message = toMessage(entry)
  if (!message) return null
  const converted = { entry, message, tokens: PER_MESSAGE_TOKENS + messageTokens(message) }
  memo.set(entry, converted)
  return converted
}

function toMessage({ payload }: Entry): ModelMessage | null {
  switch (payload.kind) {
    case 'user_message':
      return { role: 'user', text: payload.text, ...(payload.attachments?.length ? { attachments: payload.attachments } : {}) }
    case 'assistant_message':
      return isUnusable(payload) ? null : { role: 'assistant', text: payload.text, toolCalls: payload.toolCalls, thinking: payload.thinking }
    case 'tool_result':
      return {
        role: 'tool', callId: payload.callId, toolName: payload.toolName, content: payload.content, isError: payload.outcome !== 'success',
      }
    default:
      return null
  }
}

/** A reply that was cut by a failure was asked for again; one that was stopped before it said anything says nothing. */
function isUnusable(payload: PayloadOf<'assistant_message'>): boolean {
  return payload.finishReason === 'cut' || (payload.text === '' && payload.toolCalls.length === 0)
}

export function messageTokens(message: ModelMessage): number {
  switch (message.role) {
    case 'user':
      return estimateTokens(message.text) + (message.attachments ?? []).reduce((sum, { tokens }) => sum + tokens, 0)
    case 'assistant':
      return estimateTokens(message.text) + message.toolCalls.reduce((sum, call) => sum + estimateTokens(call.name + JSON.stringify(call.arguments)), 0)
    case 'tool':
      return estimateTokens(message.content)
  }
}
