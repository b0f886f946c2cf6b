import type { Store } from '../ports/store'
import { valueWithoutSecrets } from '../sessions/export/redact'

const PAGE = 100

/** One line per session: the session, the entries of all its branches, and its runs with their steps; what looks like a key is left out. */
export function* exportLines(store: Pick<Store, 'sessions' | 'journal' | 'runs' | 'steps' | 'workspaces'>): Generator<string, void, void> {
  for (const archived of [false, true]) {
    let cursor: string | undefined
    do {
      const page = store.sessions.list({ archived, limit: PAGE, cursor })
      for (const session of page.items) {
        const entries = new Map(session.heads.flatMap(({ entryId }) => (entryId === null ? [] : store.journal.path(entryId))).map((entry) => [entry.id, entry]))
        const runs = store.runs.listBySession(session.id, 10_000).map((run) => ({ ...run, steps: store.steps.listByRun(run.id) }))
        const workspace = session.workspaceId === null ? null : store.workspaces.get(session.workspaceId)
        yield `${JSON.stringify(valueWithoutSecrets({ session, workspace, entries: [...entries.values()], runs }))}\n`
      }
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }
}
