import type { ModelMessage } from '#core/ports/model-provider'

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>

const missingResult = 'This call was interrupted: it has no result, and it is not known whether it had an effect.'

/**
 * The messages in the form every provider accepts: each call is directly followed by its result, results without a
 * call are told as text, messages without content are left out, and neighbours of the same role are one message.
 */
export function normaliseConversation(messages: readonly ModelMessage[]): ModelMessage[] {
  return mergeNeighbours(pairResults(messages))
}

function pairResults(messages: readonly ModelMessage[]): ModelMessage[] {
  const paired: ModelMessage[] = []
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index]
    if (message === undefined) continue
    if (message.role === 'tool') {
      paired.push({ role: 'user', text: `Result of ${message.toolName}:\n${message.content}` })
      continue
    }
    if (message.role === 'user' || message.toolCalls.length === 0) {
      if (message.text.trim() !== '' || (message.role === 'user' && message.images?.length)) paired.push(message)
      continue
    }
    const next = messages[index + 1]
    if (message.toolCalls.length === 1 && next?.role === 'tool' && next.callId === message.toolCalls[0]?.id && messages[index + 2]?.role !== 'tool') {
      paired.push(message, next)
      index += 1
      continue
    }
    const results = new Map<string, ToolMessage>()
    const strays: ToolMessage[] = []
    const callIds = new Set(message.toolCalls.map((call) => call.id))
    for (let next = messages[index + 1]; next?.role === 'tool'; next = messages[index + 1]) {
      if (callIds.has(next.callId) && !results.has(next.callId)) results.set(next.callId, next)
      else strays.push(next)
      index += 1
    }
    paired.push(message)
    for (const call of message.toolCalls) {
      paired.push(results.get(call.id) ?? { role: 'tool', callId: call.id, toolName: call.name, content: missingResult, isError: true })
    }
    for (const stray of strays) paired.push({ role: 'user', text: `Result of ${stray.toolName}:\n${stray.content}` })
  }
  return paired
}

function mergeNeighbours(messages: readonly ModelMessage[]): ModelMessage[] {
  const merged: ModelMessage[] = []
  for (const message of messages) {
    const last = merged.at(-1)
    if (last?.role === 'user' && message.role === 'user') {
      const images = [...(last.images ?? []), ...(message.images ?? [])]
      merged[merged.length - 1] = { role: 'user', text: [last.text, message.text].filter((text) => text !== '').join('\n\n'), ...(images.length > 0 && { images }) }
    } else if (last?.role === 'assistant' && message.role === 'assistant') {
      merged[merged.length - 1] = {
        role: 'assistant',
        text: [last.text, message.text].filter((text) => text !== '').join('\n\n'),
        toolCalls: message.toolCalls,
        thinking: [...last.thinking, ...message.thinking],
      }
    } else {
      merged.push(message)
    }
  }
  return merged
}
