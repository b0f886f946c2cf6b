import type { Entry, ToolCall } from '#contract/entries'
import { innerCallId } from '#contract/inner-calls'
import type { InnerCalls, InnerResult } from '../tools/tool'
import { withdraw } from './people'
import type { ToolPorts } from './tool-ports'
import type { Turn } from './turn'

/** `tool-call.ts`, which also makes these. */
type AnswerCall = (ports: ToolPorts, turn: Turn, call: ToolCall, signal: AbortSignal) => Promise<void>

/**
 * Calls that a call at work makes. They are answered as those of the model, as though its reply had made them: rules, people, checkpoints, steps
 * and the audit see no difference. Only their results are not in the conversation, since the model never made these calls: they belong to what
 * made them.
 */
export function createInnerCalls(ports: ToolPorts, turn: Turn, outer: ToolCall, answer: AnswerCall): InnerCalls {
  let place: InnerPlace | null = null
  const make = async (call: ToolCall, signal: AbortSignal): Promise<InnerResult> => {
    signal.throwIfAborted()
    const limit = ports.limitReached()
    if (limit) throw limit
    place ??= innerPlace(ports, turn, outer)
    place.begin(call)
    try {
      await answer(ports, place.turn, call, signal)
    } finally {
      withdrawOpen(ports, turn, call.id)
    }
    return resultOf(place.turn, call)
  }
  return {
    make: (tool, input, signal) => make({ id: innerCallId(outer.id, ports.newId()), name: tool, arguments: { ...input } }, signal),
  }
}

interface InnerPlace {
  readonly turn: Turn
  /** The reply has made this call too. */
  readonly begin: (call: ToolCall) => void
}

/** The turn as these calls see it: what one of them has read is known to the next, as it would be in the conversation. */
function innerPlace(ports: ToolPorts, turn: Turn, outer: ToolCall): InnerPlace {
  const path = [...turn.path]
  const at = path.findLastIndex(({ payload }) => payload.kind === 'assistant_message' && payload.toolCalls.some(({ id }) => id === outer.id))
  const reply = path[at]
  if (reply?.payload.kind !== 'assistant_message') throw new Error('a call without the reply that made it')
  const { payload: said } = reply
  const append: Turn['append'] = (emit, payload, stepId) => {
    // In the records the reply stands for it: the entry that it follows from.
    const entry: Entry = payload.kind === 'tool_result'
      ? { id: reply.id, sessionId: turn.run.sessionId, parentId: reply.parentId, runId: turn.run.id, stepId, at: ports.clock.now(), payload }
      : turn.append(emit, payload, stepId)
    path.push(entry)
    return entry
  }
  return {
    turn: { ...turn, path, append },
    begin: (call) => { path[at] = { ...reply, payload: { ...said, toolCalls: [...said.toolCalls, call] } } },
  }
}

function resultOf({ path }: Turn, call: ToolCall): InnerResult {
  const result = path.findLast(({ payload }) => payload.kind === 'tool_result' && payload.callId === call.id)?.payload
  if (result?.kind !== 'tool_result') throw new Error('a call without a result')
  const { outcome, content, labels = [], durationMs, details } = result
  return { outcome, content, labels, durationMs, ...(details && { details }) }
}

/** What made the call is not taken up again in the middle, so nobody waits for the answer any more. */
function withdrawOpen(ports: ToolPorts, turn: Turn, callId: string): void {
  const open = ports.store.requests.listOpenByRun(turn.run.id).filter((request) => request.callId === callId)
  if (open.length > 0) ports.events.transact((emit) => { for (const request of open) withdraw(ports, turn, request, emit) })
}
