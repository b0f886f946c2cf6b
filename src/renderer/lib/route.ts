/** Where the window is. Kept in the address, so that a reload or a second window comes back to it. */
export type Route =
  | { readonly view: 'home' }
  | { readonly view: 'session'; readonly sessionId: string }
  /** What is different between two checkpoints; `from` null: where the session stands. */
  | { readonly view: 'timeline'; readonly sessionId: string; readonly from: string | null; readonly to: string }
  | { readonly view: 'branches'; readonly sessionId: string; readonly branchId: string; readonly other: string }
  /** The board, with a task open beside it or none. */
  | { readonly view: 'tasks'; readonly taskId: string | null }
  | { readonly view: 'schedules'; readonly scheduleId: string | null }
  | { readonly view: 'workflows'; readonly workflowId: string | null }
  /** What is remembered, with an item open beside it or none. */
  | { readonly view: 'memory'; readonly memoryId: string | null }

const id = '([\\w-]{1,64})'
const timelinePattern = new RegExp(`^#/session/${id}/timeline(?:/${id}/${id})?$`)
const branchesPattern = new RegExp(`^#/session/${id}/branches/${id}/${id}$`)
const sessionPattern = new RegExp(`^#/session/${id}$`)
const tasksPattern = new RegExp(`^#/(tasks|schedules|workflows|memory)(?:/${id})?$`)

export function parseRoute(hash: string): Route {
  const [, session] = sessionPattern.exec(hash) ?? []
  if (session !== undefined) return { view: 'session', sessionId: session }
  const [, ofTimeline, from, to] = timelinePattern.exec(hash) ?? []
  if (ofTimeline !== undefined) return { view: 'timeline', sessionId: ofTimeline, from: from ?? null, to: to ?? 'now' }
  const [, ofBranches, branchId, other] = branchesPattern.exec(hash) ?? []
  if (ofBranches !== undefined && branchId !== undefined && other !== undefined) return { view: 'branches', sessionId: ofBranches, branchId, other }
  const [, work, workId = null] = tasksPattern.exec(hash) ?? []
  if (work === 'tasks') return { view: 'tasks', taskId: workId }
  if (work === 'schedules') return { view: 'schedules', scheduleId: workId }
  if (work === 'workflows') return { view: 'workflows', workflowId: workId }
  if (work === 'memory') return { view: 'memory', memoryId: workId }
  return { view: 'home' }
}

export function routeHash(route: Route): string {
  switch (route.view) {
    case 'home': return '#/'
    case 'session': return sessionHash(route.sessionId)
    case 'timeline': return `${sessionHash(route.sessionId)}/timeline${route.from === null ? '' : `/${encodeURIComponent(route.from)}/${encodeURIComponent(route.to)}`}`
    case 'branches': return `${sessionHash(route.sessionId)}/branches/${encodeURIComponent(route.branchId)}/${encodeURIComponent(route.other)}`
    case 'tasks': return withId('#/tasks', route.taskId)
    case 'memory': return withId('#/memory', route.memoryId)
    case 'workflows': return withId('#/workflows', route.workflowId)
    case 'schedules': return withId('#/schedules', route.scheduleId)
  }
}

/** The session that the address is about. */
export function sessionOf(route: Route): string | null {
  return 'sessionId' in route ? route.sessionId : null
}

function withId(hash: string, id: string | null): string {
  return id === null ? hash : `${hash}/${encodeURIComponent(id)}`
}

function sessionHash(sessionId: string): string {
  return `#/session/${encodeURIComponent(sessionId)}`
}
