import type { EntryPayload, ToolCall } from '#contract/entries'
import type { FlowLabel } from '#contract/flow'
import type { Step } from '#contract/runs'
import { outcomeEntry } from '../audit/call-entries'
import { labelsOfFiles } from '../flow/files-read'
import { labelledFilesOf, mayLabel } from '../flow/files-written'
import { labelsOfSession, labelsOfTask } from '../flow/inherited-labels'
import { sourcesOf } from '../flow/labels'
import type { StoredLabelledFile } from '../ports/flow-store'
import { resultLabels } from '../flow/result-labels'
import { clipOutput } from '../tools/clip'
import type { PreparedCall, Tool } from '../tools/tool'
import { endStep } from './steps'
import type { CallOutcome, ToolPorts } from './tool-ports'
import type { Turn } from './turn'
import { nothingWritten, type Written } from './written'

interface Ran {
  readonly tool: Tool
  readonly call: PreparedCall
  readonly written: Written
}

/** What a model gets of one result, in characters; the whole is kept as an artifact. */
const MAX_CONTENT_CHARS = 100_000

/**
 * Writes the result of a call and the end of its step in one transaction. It reaches the disk while the model reads it;
 * lost before that, the call has an intent without a result, and is judged as such.
 */
export async function recordResult(ports: ToolPorts, turn: Turn, call: ToolCall, step: Step | null, result: CallOutcome, ran?: Ran): Promise<void> {
  const content = await bounded(ports, turn, result)
  const labels = ran ? await labelsOf(ports, turn, result, ran) : []
  const labelled = ran ? await filesLabelledBy(ports, turn, ran, labels) : []
  const payload: EntryPayload = {
    kind: 'tool_result', callId: call.id, toolName: call.name, outcome: result.outcome, durationMs: Math.round(result.durationMs),
    content: content.text,
    ...(labels.length > 0 && { labels }),
    ...(result.output.details && { details: result.output.details }),
    ...(content.artifact && { artifactId: content.artifact.id, totalBytes: content.artifact.bytes }),
  }
  ports.events.transact((emit) => {
    const entry = turn.append(emit, payload, step?.id ?? null)
    for (const file of labelled) ports.store.labelledFiles.put(file)
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

async function labelsOf(ports: ToolPorts, turn: Turn, result: CallOutcome, ran: Ran): Promise<FlowLabel[]> {
  const { store, toolContext: { folder, workspaceId } } = ports
  const own = resultLabels(result, { ...ran, trusted: ports.permissions(ran.tool.capability).trusted, ofAgent: (sessionId) => labelsOfSession(store, sessionId), ofTask: (taskId) => labelsOfTask(store, taskId) })
  if (store.labelledFiles.isEmpty()) return own
  const sources = [...sourcesOf(turn.path), ...own]
  const ofFiles = await labelsOfFiles({ store: store.labelledFiles, folder, workspaceId, sources, titleOf: (id) => store.sessions.get(id)?.title ?? null }, ran, result)
  return [...own, ...ofFiles]
}

/** What it wrote is labelled as what it has read. */
async function filesLabelledBy(ports: ToolPorts, turn: Turn, { written }: Ran, labels: readonly FlowLabel[]): Promise<StoredLabelledFile[]> {
  const { store, clock, toolContext: { folder, workspaceId } } = ports
  const writer = { store: store.labelledFiles, workspaceId, sessionId: turn.run.sessionId, at: clock.now(), path: turn.path, labels }
  if (written === nothingWritten || !mayLabel(writer)) return []
  return labelledFilesOf(writer, await written(), folder.hashText(''))
}

async function bounded(ports: ToolPorts, turn: Turn, { output }: CallOutcome): Promise<{ text: string; artifact?: { id: string; bytes: number } }> {
  if (output.content.length <= MAX_CONTENT_CHARS) return { text: output.content, ...(output.artifact && { artifact: output.artifact }) }
  if (output.artifact) return { text: clipOutput(output.content, MAX_CONTENT_CHARS), artifact: output.artifact }
  const writer = ports.toolContext.artifacts.create(turn.run.sessionId, ports.newId())
  writer.write(output.content)
  const { bytes } = await writer.close()
  return { text: clipOutput(output.content, MAX_CONTENT_CHARS), artifact: { id: writer.id, bytes } }
}
