import type { MemoryConditions } from '#core/ports/memory-store'

export interface Where {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string | number>>
}

const states = {
  active: 'm.forgotten_at IS NULL AND m.archived = 0 AND (m.expires_at IS NULL OR m.expires_at > @now)',
  archived: 'm.forgotten_at IS NULL AND m.archived = 1',
  forgotten: 'm.forgotten_at IS NOT NULL',
  expired: 'm.forgotten_at IS NULL AND m.expires_at <= @now',
  all: '1',
} as const

/** The conditions of a query on `memory_items m`. Values are always parameters. */
export function whereOf({ filter, place, sensitive, now }: MemoryConditions): Where {
  const parts: string[] = [states[filter.state ?? 'active']]
  const parameters: Record<string, string | number> = { now }
  const add = (sql: string, name: string, value: string | number | undefined) => {
    if (value === undefined) return
    parts.push(sql)
    parameters[name] = value
  }
  if (filter.kinds && filter.kinds.length > 0) add('m.kind IN (SELECT value FROM json_each(@kinds))', 'kinds', JSON.stringify(filter.kinds))
  for (const [number, tag] of (filter.tags ?? []).entries()) add(`EXISTS (SELECT 1 FROM json_each(m.tags) WHERE value = @tag${number})`, `tag${number}`, tag)
  add('m.scope = @scope', 'scope', filter.scope)
  add('m.workspace_id = @workspaceId', 'workspaceId', filter.workspaceId)
  add('m.session_id = @sessionId', 'sessionId', filter.sessionId)
  add('m.sensitive = @sensitive', 'sensitive', filter.sensitivity === undefined ? undefined : Number(filter.sensitivity === 'sensitive'))
  add('m.trust = @trust', 'trust', filter.trust)
  add('m.source_by = @by', 'by', filter.by)
  add('substr(m.source_path, 1, length(@path)) = @path', 'path', filter.path)
  add('m.source_run_id = @runId', 'runId', filter.runId)
  add('m.updated_at >= @from', 'from', filter.from)
  add('m.updated_at < @to', 'to', filter.to)
  add('m.pinned = @pinned', 'pinned', filter.pinned === undefined ? undefined : Number(filter.pinned))
  if (!sensitive) parts.push('m.sensitive = 0')
  if (place) {
    parts.push("(m.scope = 'user' OR (m.scope = 'workspace' AND m.workspace_id = @placeWorkspace) OR (m.scope = 'session' AND m.session_id = @placeSession))")
    parameters['placeWorkspace'] = place.workspaceId ?? ''
    parameters['placeSession'] = place.sessionId ?? ''
  }
  return { sql: parts.join(' AND '), parameters }
}

/** Whether nothing but the state, the place and sensitivity narrows it down: what the index of vectors knows by itself. */
export function isPlain({ filter }: MemoryConditions): boolean {
  const { state = 'active', ...others } = filter
  return state === 'active' && Object.values(others).every((value) => value === undefined || (Array.isArray(value) && value.length === 0))
}
