import type { Mode } from '#contract/common'
import type { TaskSpec } from '#contract/tasks'
import { AppError, notFound } from '../errors'
import { isMore } from '../permissions/modes'
import type { Store } from '../ports/store'
import { getTask } from './change-task'
import { findCycle } from './graph'

interface References {
  readonly workspaceId?: TaskSpec['workspaceId'] | undefined
  readonly dependsOn?: TaskSpec['dependsOn'] | undefined
}

/** Throws AppError: RESOURCE_NOT_FOUND for a folder or a task that is not there, INVALID_PARAMETERS for a cycle. `id` null: a new task. */
export function checkReferences(store: Store, id: string | null, { workspaceId, dependsOn }: References): void {
  if (workspaceId !== undefined && workspaceId !== null && !store.workspaces.get(workspaceId)) throw notFound('Workspace', workspaceId)
  if (dependsOn === undefined) return
  for (const other of dependsOn) {
    if (other === id) throw new AppError('INVALID_PARAMETERS', 'A task cannot wait for itself. Nothing was changed.')
    if (getTask(store, other).when.kind !== 'adhoc') throw new AppError('INVALID_PARAMETERS', `“${getTask(store, other).title}” comes again and again; a task can only wait for one that ends.`)
  }
  const cycle = id === null ? null : findCycle(id, dependsOn, store.tasks.dependencies)
  if (!cycle) return
  const [first = '', ...others] = cycle.map((other) => `“${getTask(store, other).title}”`)
  throw new AppError('INVALID_PARAMETERS', `This would be a circle: ${first} waits for ${others.join(', which waits for ')}. Nothing was changed.`, { data: { cycle } })
}

/** A child may do no more than its parent, and is not too deep. */
export function checkParent(store: Store, parentId: string, mode: Mode, maxDepth: number): void {
  const parent = getTask(store, parentId)
  if (parent.when.kind !== 'adhoc') throw new AppError('INVALID_PARAMETERS', 'Only a task that runs once can have children.')
  if (isMore(mode, parent.mode)) {
    throw new AppError('PERMISSION_DENIED', `“${parent.title}” works in mode ${parent.mode}, so its children cannot work in mode ${mode}. Nothing was made.`)
  }
  let depth = 1
  for (let above = parent.parentId; above !== null; above = store.tasks.get(above)?.parentId ?? null) depth += 1
  if (depth > maxDepth) throw new AppError('MAX_DEPTH_EXCEEDED', `Agents may start agents ${maxDepth} levels deep. Nothing was made.`)
}
