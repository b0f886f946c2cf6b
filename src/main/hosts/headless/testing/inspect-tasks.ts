import { join } from 'node:path'
import type { Store } from '#core/ports/store'
import type { StoredTask } from '#core/ports/task-store'
import { newId, systemClock } from '../../../adapters/node/system'
import { openStore } from '../../../adapters/sqlite'

export interface WhatHappened {
  readonly profile: string
  /** Tasks that were acknowledged, and those whose end was. */
  readonly made: readonly string[]
  readonly cancelled: readonly string[]
  /** The conversation of each effect, in the order in which they happened. */
  readonly effects: readonly string[]
}

export interface Findings {
  readonly problems: readonly string[]
  readonly tasks: number
  readonly dueTimes: number
  readonly unknown: number
  readonly effects: number
}

const atEnd: ReadonlySet<string> = new Set(['done', 'failed', 'missed', 'cancelled', 'dead_letter'])

/** Counts in a profile that nobody has open what `task-host` left in it. */
export async function inspectTasks(happened: WhatHappened): Promise<Findings> {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const opened = openStore({ path: join(happened.profile, 'trestle.db'), backupFolder: join(happened.profile, 'backups'), clock: systemClock, newId, logger: quiet })
  try {
    return inspect(opened.store, happened)
  } finally {
    await opened.close()
  }
}

function inspect(store: Store, { made, cancelled, effects }: WhatHappened): Findings {
  const all = allTasks(store)
  const byId = new Map(all.map((task) => [task.id, task]))
  const once = all.filter(({ when }) => when.kind === 'adhoc')
  const problems: string[] = []
  const judged = once.map((task) => judge(store, task, effects))
  for (const { problem } of judged) problems.push(...problem)
  for (const id of made) if (!byId.has(id)) problems.push(`${id} was acknowledged and is lost`)
  for (const id of cancelled) if (byId.get(id)?.state !== 'cancelled') problems.push(`${id} was cancelled and is ${byId.get(id)?.state}`)
  const titles = once.filter(({ scheduleId }) => scheduleId === null).map(({ title }) => title)
  for (const title of titles) if (titles.indexOf(title) !== titles.lastIndexOf(title)) problems.push(`${title} is there twice`)
  for (const session of effects) if (!store.taskRuns.findBySession(session)) problems.push(`an effect of nobody: ${session}`)
  problems.push(...judgeOrder(store, once, effects))
  let dueTimes = 0
  for (const schedule of all.filter(({ when }) => when.kind === 'scheduled')) {
    const found = judgeSchedule(store, schedule, once.filter(({ scheduleId }) => scheduleId === schedule.id))
    dueTimes += found.dueTimes
    problems.push(...found.problems)
  }
  return { problems, tasks: once.length, dueTimes, unknown: judged.filter(({ unknown }) => unknown).length, effects: effects.length }
}

function allTasks(store: Store): StoredTask[] {
  const found: StoredTask[] = []
  for (let cursor: string | undefined; ;) {
    const { items, nextCursor } = store.tasks.list({ order: 'created', limit: 500, ...(cursor !== undefined && { cursor }) })
    found.push(...items)
    if (nextCursor === null) return found.reverse()
    cursor = nextCursor
  }
}

/** Its end, its effect and its history. */
function judge(store: Store, task: StoredTask, effects: readonly string[]): { readonly problem: string[]; readonly unknown: boolean } {
  const attempts = store.taskRuns.list(task.id, { limit: 100 }).items
  const sessions = new Set(attempts.map(({ sessionId }) => sessionId))
  const count = effects.filter((session) => sessions.has(session)).length
  const unknown = attempts.some(({ runId }) => runId !== null && store.requests.findByCall(runId, 'effect-0', 'unknown_outcome') !== null)
  const problem: string[] = []
  const name = `${task.title} ${task.id} (${task.state})`
  if (!atEnd.has(task.state)) problem.push(`${name} did not come to an end`)
  if (task.state !== 'done' && task.state !== 'cancelled') problem.push(`${name}: ${task.reason}`)
  if (count > 1) problem.push(`${name} had its effect ${count} times`)
  // Unknown means that either is possible.
  if (task.state === 'done' && count === 0 && !unknown) problem.push(`${name} is done without its effect`)
  if (attempts.some(({ endedAt }) => endedAt === null)) problem.push(`${name} has an attempt without an end`)
  const changes = store.tasks.changes(task.id, { limit: 200 }).items.toReversed()
  const gap = changes.find(({ fromState }, index) => fromState !== (changes[index - 1]?.toState ?? null))
  if (gap) problem.push(`${name} has a gap before revision ${gap.revision}`)
  if (changes.at(-1)?.toState !== task.state) problem.push(`${name} has no line for its state`)
  return { problem, unknown }
}

/** What waits for another begins after that has ended. */
function judgeOrder(store: Store, tasks: readonly StoredTask[], effects: readonly string[]): string[] {
  return tasks.flatMap((task) => store.tasks.dependencies(task.id).flatMap((id) => {
    const before = store.tasks.get(id)
    const place = (taskId: string) => effects.findIndex((session) => store.taskRuns.findBySession(session)?.taskId === taskId)
    const [first, second] = [place(id), place(task.id)]
    const inTime = (before?.endedAt ?? Infinity) <= (task.startedAt ?? Infinity)
    return (second === -1 || first < second) && inTime ? [] : [`${task.title} began before ${before?.title} had ended`]
  }))
}

/** Every second since it was made has one row, and every row that was claimed one task. */
function judgeSchedule(store: Store, schedule: StoredTask, tasks: readonly StoredTask[]): { readonly dueTimes: number; readonly problems: string[] } {
  const rows = store.schedules.listOccurrences(schedule.id, { limit: 100_000 }).items.toReversed()
  const problems: string[] = []
  // Its first due time is calculated a moment before it is made.
  const begins = Math.max(schedule.createdAt, schedule.when.kind === 'scheduled' ? (schedule.when.startAt ?? 0) : 0)
  let next = rows[0]?.dueAt ?? begins
  if (Math.abs(next - begins) > 1000) problems.push(`${schedule.title} was made at ${begins} and begins with ${next}`)
  for (const { dueAt, lastDueAt, state, reason, taskId } of rows) {
    if (dueAt !== next) problems.push(`${schedule.title}: ${new Date(next).toISOString()} has no row, or has two; ${new Date(dueAt).toISOString()} has one`)
    next = (lastDueAt ?? dueAt) + 1000
    if (state === 'claimed' && !tasks.some(({ id, dueAt: due }) => id === taskId && due === dueAt)) problems.push(`${schedule.title}: ${dueAt} was claimed and has no task`)
    if (schedule.title === 'All' && state !== 'claimed' && reason !== 'paused') problems.push(`All: ${dueAt} is ${state} (${reason})`)
  }
  const claimed = rows.filter(({ state }) => state === 'claimed').length
  if (claimed !== tasks.length) problems.push(`${schedule.title}: ${claimed} due times were claimed for ${tasks.length} tasks`)
  if (schedule.title === 'One') problems.push(...overlaps(tasks))
  return { dueTimes: rows.length, problems }
}

function overlaps(tasks: readonly StoredTask[]): string[] {
  const inOrder = tasks.filter(({ startedAt }) => startedAt !== null).toSorted((left, right) => (left.startedAt ?? 0) - (right.startedAt ?? 0))
  return inOrder.flatMap((task, index) => ((inOrder[index - 1]?.endedAt ?? 0) <= (task.startedAt ?? 0) ? [] : [`One: ${task.dueAt} began before the one before had ended`]))
}
