import { isInner } from '#contract/agent-origin'
import type { EventEnvelope, EventPayload } from '#contract/events'
import type { HumanRequest } from '#contract/human-requests'
import type { PromptQueue } from '#contract/prompts'
import type { Run, Step } from '#contract/runs'
import type { Session } from '#contract/sessions'
import type { Settings, SettingsFileState } from '#contract/settings'
import type { Notice } from '#contract/system'
import type { Task } from '#contract/tasks'
import type { Work } from '#contract/work'
import type { Workspace } from '#contract/workspaces'
import { assertNever } from './assert-never'
import { dropBranch, dropCheckpoints, writeBranch, writeCheckpoint, writeRestore, writeStorageJob } from './checkpoint-cache'
import { followAgents } from './agent-cache'
import { appendEntry, mergeRun, removeSession, upsertOpenRequest, upsertRun, upsertSession, upsertStep } from './cached-lists'
import type { DeltaStore } from './delta-store'
import { placeOf, sessionPlaces } from './queries'
import { reloadMemory, reloadVectors, writeMemoryItem, writeMemoryUse } from './memory-cache'
import { type QueryParts, reloadIfLoading } from './query-parts'
import { dropTasks, writeTask } from './task-cache'

export interface CacheWriter {
  apply(event: EventEnvelope): void
  session(session: Session): void
  workspace(workspace: Workspace): void
  settings(settings: Settings): void
  task(task: Task): void
  /** Everything may have changed: what is on screen loads anew. */
  reset(): void
  /** Asks again for what failed while the server was away. */
  retryFailed(): void
}

export interface CacheParts extends QueryParts {
  readonly deltas: DeltaStore
}

/** Brings what the server tells into the query cache. Only what is cached is kept up to date; the rest is asked for when it is shown. */
export function createCacheWriter(parts: CacheParts): CacheWriter {
  const { queryClient, deltas } = parts
  return {
    apply: (event) => {
      applyEvent(parts, event)
      followAgents(parts, event)
    },
    session: (session) => writeSession(parts, session),
    workspace: (workspace) => writeWorkspace(parts, workspace),
    settings: (settings) => writeSettings(parts, settings),
    task: (task) => writeTask(parts, task),
    reset: () => {
      deltas.clear()
      void queryClient.invalidateQueries()
    },
    retryFailed: () => void queryClient.refetchQueries({ predicate: (query) => query.state.status === 'error' }),
  }
}

function applyEvent(parts: CacheParts, event: EventEnvelope): void {
  switch (event.topic) {
    case 'session.update': return writeSession(parts, event.payload.session)
    case 'session.removed': return dropSession(parts, event.payload.sessionId)
    case 'session.entry': return writeEntry(parts, event.payload)
    case 'prompts.update': return writePromptQueue(parts, event.payload.queue)
    case 'run.update': return writeRun(parts, event.payload.run)
    case 'step.update': return writeStep(parts, event.payload.step)
    case 'agent.token': return parts.deltas.apply({ ...event.payload, channel: event.payload.kind })
    case 'tool.output': return parts.deltas.apply({ ...event.payload, channel: 'output' })
    case 'memory.update': return writeMemoryItem(parts, event.payload.item)
    case 'memory.removed':
    case 'memory.many': return reloadMemory(parts)
    case 'memory.vectors': return reloadVectors(parts)
    case 'human.request': return writeRequest(parts, event.payload.request)
    case 'workspace.update': return writeWorkspace(parts, event.payload.workspace)
    case 'settings.update': return writeSettings(parts, event.payload.settings)
    case 'settings.file': return writeSettingsFile(parts, event.payload)
    case 'work.update': return writeWork(parts, event.payload.work)
    // Told to the person, or to scripts; not kept.
    case 'agent.lifecycle':
    case 'notification': return
    case 'checkpoint.update': return writeCheckpoint(parts, event.payload)
    case 'checkpoint.removed': return dropCheckpoints(parts, event.payload)
    case 'checkpoint.restore': return writeRestore(parts, event.payload)
    case 'branch.update': return writeBranch(parts, event.payload.branch)
    case 'branch.removed': return dropBranch(parts, event.payload)
    case 'storage.update': return writeStorageJob(parts, event.payload.job)
    case 'task.update': return writeTask(parts, event.payload.task)
    case 'task.removed': return dropTasks(parts, event.payload.taskIds)
    case 'plan.update': return void parts.queryClient.invalidateQueries({ queryKey: parts.orpc.plans.key() })
    case 'workflow.update': return void parts.queryClient.invalidateQueries({ queryKey: parts.orpc.workflows.key() })
    case 'workflow.run': return reloadWorkflowRuns(parts)
    case 'behavior.update': return writeBehavior(parts)
    case 'mcp.update':
    case 'mcp.clients': return void parts.queryClient.invalidateQueries({ queryKey: parts.orpc.mcp.key() })
    case 'permissions.update': return void parts.queryClient.invalidateQueries({ queryKey: parts.orpc.permissions.key() })
    case 'models.update': return reloadModels(parts)
    case 'system.notice': return writeNotice(parts, event.payload)
    default: return assertNever(event)
  }
}

function reloadWorkflowRuns({ queryClient, orpc }: CacheParts): void {
  void queryClient.invalidateQueries({ queryKey: orpc.workflows.runs.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.workflows.run.key() })
}

/** Rules of one profile decide what others come to. */
function writeBehavior({ queryClient, orpc }: CacheParts): void {
  void queryClient.invalidateQueries({ queryKey: orpc.behavior.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.sessions.context.key() })
}

function writeSession(parts: CacheParts, session: Session): void {
  const { queryClient, queries } = parts
  const { queryKey } = queries.session(session.id)
  const before = queryClient.getQueryData(queryKey)
  queryClient.setQueryData(queryKey, session)
  // Another branch or model: the model is sent something else now.
  if (before?.activeHeadId !== session.activeHeadId || before.model !== session.model) {
    void queryClient.invalidateQueries({ queryKey: queries.context(session.id).queryKey, exact: true })
  }
  for (const place of sessionPlaces) {
    const { queryKey } = queries.sessions(place)
    queryClient.setQueryData(queryKey, (data) => data && upsertSession(data, session, placeOf(session) === place && !isInner(session.agent)))
    reloadIfLoading(parts, queryKey)
  }
}

function dropSession(parts: CacheParts, id: string): void {
  const { queryClient, queries, orpc } = parts
  for (const place of sessionPlaces) {
    const { queryKey } = queries.sessions(place)
    queryClient.setQueryData(queryKey, (data) => data && removeSession(data, id))
    reloadIfLoading(parts, queryKey)
  }
  const { queryKey } = queries.session(id)
  queryClient.removeQueries({ queryKey, exact: true, type: 'inactive' })
  void queryClient.invalidateQueries({ queryKey, exact: true })
  queryClient.removeQueries({ queryKey: orpc.sessions.entries.key({ input: { id } }), type: 'inactive' })
}

function writeEntry(parts: CacheParts, { entry, headId }: EventPayload<'session.entry'>): void {
  const { queryClient, queries, deltas } = parts
  const { queryKey } = queries.entries(entry.sessionId, headId)
  const data = queryClient.getQueryData(queryKey)
  const appended = data && appendEntry(data, entry)
  if (appended) queryClient.setQueryData(queryKey, appended)
  if (appended === null) void queryClient.invalidateQueries({ queryKey, exact: true })
  else reloadIfLoading(parts, queryKey)
  if (entry.payload.kind === 'assistant_message' && entry.stepId !== null) deltas.remove(entry.stepId)
  if (entry.payload.kind === 'memory_used') writeMemoryUse(parts, entry.payload.items.map(({ id }) => id))
  // The model is sent something else now, without a call that would tell.
  if (entry.payload.kind === 'context_discard') void queryClient.invalidateQueries({ queryKey: queries.context(entry.sessionId).queryKey, exact: true })
}

function writeRun(parts: CacheParts, run: Run): void {
  const { queryClient, queries, orpc } = parts
  const list = queries.runs(run.sessionId).queryKey
  queryClient.setQueryData(list, (data) => data && { items: upsertRun(data.items, run) })
  reloadIfLoading(parts, list)
  const detail = queries.run(run.id).queryKey
  queryClient.setQueryData(detail, (data) => data && mergeRun(data, run))
  reloadIfLoading(parts, detail)
  if (run.promptTry !== null) writePrompt(parts, run)
  // What it used and cost is counted by then.
  if (run.endedAt !== null) void queryClient.invalidateQueries({ queryKey: orpc.usage.key() })
}

function writePromptQueue(parts: CacheParts, queue: PromptQueue): void {
  const { queryKey } = parts.queries.prompts(queue.sessionId)
  parts.queryClient.setQueryData(queryKey, (data) => data && { ...data, queue })
  reloadIfLoading(parts, queryKey)
}

function writePrompt(parts: CacheParts, run: Run): void {
  const { queryKey } = parts.queries.prompts(run.sessionId)
  parts.queryClient.setQueryData(queryKey, (data) => {
    if (!data) return data
    const others = data.items.filter(({ id }) => id !== run.id)
    return { ...data, items: run.state === 'queued' ? [...others, run].sort((left, right) => left.order - right.order) : others }
  })
  reloadIfLoading(parts, queryKey)
}

function writeStep(parts: CacheParts, step: Step): void {
  const { queryClient, queries, deltas } = parts
  const { queryKey } = queries.run(step.runId)
  queryClient.setQueryData(queryKey, (data) => data && upsertStep(data, step))
  reloadIfLoading(parts, queryKey)
  if (step.endedAt === null) return
  if (step.kind === 'tool') deltas.remove(step.id)
  else void queryClient.invalidateQueries({ queryKey: queries.context(step.sessionId).queryKey, exact: true })
}

function writeRequest(parts: CacheParts, request: HumanRequest): void {
  const { queryKey } = parts.queries.openRequests()
  parts.queryClient.setQueryData(queryKey, (data) => data && { ...data, items: upsertOpenRequest(data.items, request) })
  reloadIfLoading(parts, queryKey)
}

function writeWorkspace(parts: CacheParts, workspace: Workspace): void {
  const { queryKey } = parts.queries.workspaces()
  parts.queryClient.setQueryData(queryKey, (data) => {
    if (data === undefined) return data
    const items = [workspace, ...data.items.filter((item) => item.id !== workspace.id)]
    return { items: items.sort((left, right) => right.lastOpenedAt - left.lastOpenedAt) }
  })
  reloadIfLoading(parts, queryKey)
}

function writeSettings(parts: CacheParts, settings: Settings): void {
  const { queryClient, queries } = parts
  queryClient.setQueryData(queries.settings().queryKey, settings)
  reloadIfLoading(parts, queries.settings().queryKey)
  void queryClient.invalidateQueries({ queryKey: queries.templates().queryKey, exact: true })
}

function writeSettingsFile(parts: CacheParts, file: SettingsFileState): void {
  const { queryKey } = parts.queries.settingsFile()
  parts.queryClient.setQueryData(queryKey, file)
  reloadIfLoading(parts, queryKey)
}

function writeWork(parts: CacheParts, work: Work): void {
  parts.queryClient.setQueryData(parts.queries.work().queryKey, work)
  reloadIfLoading(parts, parts.queries.work().queryKey)
}

function reloadModels({ queryClient, orpc }: CacheParts): void {
  void queryClient.invalidateQueries({ queryKey: orpc.models.key() })
  void queryClient.invalidateQueries({ queryKey: orpc.providers.list.key() })
}

function writeNotice({ queryClient, queries }: CacheParts, notice: Notice): void {
  queryClient.setQueryData(queries.system().queryKey, (data) =>
    data && { ...data, notices: [...data.notices.filter((item) => item.id !== notice.id), notice] })
}
