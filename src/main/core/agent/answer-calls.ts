import type { ToolCall } from '#contract/entries'
import type { Tool } from '../tools/tool'
import { recordResult } from './record-result'
import { isShutdown } from './stop-reason'
import { answerCall } from './tool-call'
import type { ToolPorts } from './tool-ports'
import type { Turn } from './turn'

const PARALLEL_READS = 3

/** Answers the calls of one reply: neighbouring reads side by side, and those that bound themselves; everything with an effect alone and in order. */
export async function answerCalls(ports: ToolPorts, turn: Turn, calls: readonly ToolCall[], signal: AbortSignal): Promise<void> {
  for (const group of groupCalls(calls, ports.tools)) {
    if (signal.aborted) break
    const settled = await Promise.allSettled(group.map((call) => answerCall(ports, turn, call, signal)))
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed && !signal.aborted) throw failed.reason
  }
  // What a shutdown kept from running is still to be answered when the run is resumed.
  if (signal.aborted && !isShutdown(signal)) await cancelCalls(ports, turn, calls)
}

export function groupCalls(calls: readonly ToolCall[], tools: ReadonlyMap<string, Tool>): ToolCall[][] {
  const groups: { readonly kind: string; readonly calls: ToolCall[] }[] = []
  for (const call of calls) {
    const tool = tools.get(call.name)
    const kind = tool?.sideBySide ? tool.name : tool?.readOnly ? 'reads' : 'alone'
    const last = groups.at(-1)
    if (kind !== 'alone' && last?.kind === kind && (tool?.sideBySide || last.calls.length < PARALLEL_READS)) last.calls.push(call)
    else groups.push({ kind, calls: [call] })
  }
  return groups.map((group) => group.calls)
}

/** Gives every call that has no result one that says it was stopped. */
async function cancelCalls(ports: ToolPorts, turn: Turn, calls: readonly ToolCall[]): Promise<void> {
  const answered = new Set(turn.path.flatMap(({ payload }) => (payload.kind === 'tool_result' ? [payload.callId] : [])))
  for (const call of calls) {
    if (answered.has(call.id)) continue
    await recordResult(ports, turn, call, null, {
      outcome: 'cancelled', output: { content: 'Stopped by the user before it ran.', isError: true }, durationMs: 0,
    })
  }
}
