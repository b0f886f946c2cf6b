import type { EntryPayload, ToolCall } from '#contract/entries'
import type { Step } from '#contract/runs'
import { outcomeEntry } from '../audit/call-entries'
import { labelsOfSession, labelsOfTask } from '../flow/inherited-labels'
import { resultLabels } from '../flow/result-labels'
import { clipOutput } from '../tools/clip'
import type { PreparedCall, Tool } from '../tools/tool'
import { endStep } from './steps'
import type { CallOutcome, ToolPorts } from './tool-ports'
import type { Turn } from './turn'

/** What a model gets of one result, in characters; the whole is kept as an artifact. */
const MAX_CONTENT_CHARS = 100_000

/**
 * Writes the result of a call and the end of its step in one transaction. It reaches the disk while the model reads it;
 * lost before that, the call has an intent without a result, and is judged as such.
 */
export async function recordResult(ports: ToolPorts, turn: Turn, call: ToolCall, step: Step | null, result: CallOutcome, ran?: { readonly tool: Tool; readonly call: PreparedCall }): Promise<void> {
  const content = await bounded(ports, turn, result)
  const labels = ran ? resultLabels(result, { ...ran, trusted: ports.permissions(ran.tool.capability).trusted, ofAgent: (sessionId) => labelsOfSession(ports.store, sessionId), ofTask: (taskId) => labelsOfTask(ports.store, taskId) }) : []
  const payload: EntryPayload = {
    kind: 'tool_result', callId: call.id, toolName: call.name, outcome: result.outcome, durationMs: Math.round(result.durationMs),
    content: content.text,
    ...(labels.length > 0 && { labels }),
    ...(result.output.details && { details: result.output.details }),
    ...(content.artifact && { artifactId: content.artifact.id, totalBytes: content.artifact.bytes }),
  }
  ports.events.transact((emit) => {
    const entry = turn.append(emit, payload, step?.id ?? null)
    if (result.decision) ports.audit.append(result.decision, turn.source)
    ports.audit.append(outcomeEntry(call, result, entry.id), turn.source)
    if (!step) return
    endStep(ports, turn, emit, step, {
      state: result.outcome === 'success' ? 'completed' : result.outcome === 'cancelled' ? 'cancelled' : 'failed',
      entryId: entry.id,
      ...(result.error && { error: result.error }),
    })
  }, 'later')
}

async function bounded(ports: ToolPorts, turn: Turn, { output }: CallOutcome): Promise<{ text: string; artifact?: { id: string; bytes: number } }> {
  if (output.content.length <= MAX_CONTENT_CHARS) return { text: output.content, ...(output.artifact && { artifact: output.artifact }) }
  if (output.artifact) return { text: clipOutput(output.content, MAX_CONTENT_CHARS), artifact: output.artifact }
  const writer = ports.toolContext.artifacts.create(turn.run.sessionId, ports.newId())
  writer.write(output.content)
  const { bytes } = await writer.close()
  return { text: clipOutput(output.content, MAX_CONTENT_CHARS), artifact: { id: writer.id, bytes } }
}
