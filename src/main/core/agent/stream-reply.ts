import type { Usage } from '#contract/common'
import type { Thinking, ToolCall } from '#contract/entries'
import type { Step } from '#contract/runs'
import { AppError, internalError } from '../errors'
import type { LiveText } from '../events/event-stream'
import type { FinishReason, ModelProvider, ModelRequest } from '../ports/model-provider'
import type { Turn, TurnPorts } from './turn'

/** How often the text of a reply that is still coming is put on disk, in ms. */
const SAVE_PARTIAL_EVERY_MS = 1000

const LONG_REPLY_CHARS = 10_000

/** How a model call ended. `text` is what arrived, whole or not. */
export type Reply =
  | {
      readonly end: 'done'
      readonly text: string
      readonly thinking: readonly Thinking[]
      readonly toolCalls: readonly ToolCall[]
      readonly finishReason: FinishReason
      readonly usage: Usage | null
    }
  | { readonly end: 'error'; readonly text: string; readonly thinking: string; readonly error: AppError }
  | { readonly end: 'aborted'; readonly text: string; readonly thinking: string }

/** Streams one reply: shows it as it comes, keeps its partial text on disk. Never throws, whatever the provider does. */
export async function streamReply(ports: TurnPorts, turn: Turn, step: Step, provider: ModelProvider, request: ModelRequest, signal: AbortSignal): Promise<Reply> {
  const text = ports.events.openText({ topic: 'agent.token', stepId: step.id, kind: 'text' }, turn.source)
  const thinking = ports.events.openText({ topic: 'agent.token', stepId: step.id, kind: 'thinking' }, turn.source)
  const partial = savePartial(ports, step, text)
  try {
    for await (const event of provider.stream(request, signal)) {
      switch (event.type) {
        case 'text':
          text.append(event.delta)
          partial.saveSoon()
          break
        case 'thinking':
          thinking.append(event.delta)
          break
        case 'tool_call':
          break
        case 'done':
          return { end: 'done', ...event }
        case 'error':
          return { end: 'error', text: text.text(), thinking: thinking.text(), error: event.error }
        case 'aborted':
          return { end: 'aborted', text: text.text(), thinking: thinking.text() }
      }
    }
    return ended(text, thinking, signal, new AppError('STREAM_CUT', 'The reply ended before it was complete.'))
  } catch (error) {
    return ended(text, thinking, signal, internalError(error))
  } finally {
    partial.stop()
    text.close()
    thinking.close()
    // The last words are on their way before a whole that takes a while is written down.
    if (text.text().length > LONG_REPLY_CHARS) await ports.clock.turn()
  }
}

/** Puts what has come of a reply on disk about once a second. */
function savePartial({ store, clock }: TurnPorts, step: Step, text: LiveText): { readonly saveSoon: () => void; readonly stop: () => void } {
  let cancelTimer: (() => void) | null = null
  const save = () => {
    cancelTimer = null
    try {
      store.transaction(() => store.steps.savePartialText(step.id, text.text()), 'later')
    } catch {
      // A disk that is full is told of when the whole reply is recorded.
    }
  }
  return {
    saveSoon: () => { cancelTimer ??= clock.after(SAVE_PARTIAL_EVERY_MS, save) },
    stop: () => cancelTimer?.(),
  }
}

function ended(text: LiveText, thinking: LiveText, signal: AbortSignal, error: AppError): Reply {
  const soFar = { text: text.text(), thinking: thinking.text() }
  return signal.aborted ? { end: 'aborted', ...soFar } : { end: 'error', ...soFar, error }
}
