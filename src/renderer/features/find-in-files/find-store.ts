import type { SearchMatch, SearchQuery } from '#contract/find-in-files'
import type { Client } from '../../lib/client'
import { createStore, type ReadableStore } from '../../lib/external-store'

export interface FoundFile {
  readonly path: string
  readonly matches: readonly SearchMatch[]
}

export interface FindState {
  readonly query: SearchQuery
  readonly replacement: string
  readonly isReplacing: boolean
  readonly status: 'idle' | 'searching' | 'done' | 'stopped' | 'failed'
  readonly error: unknown
  /** In the order of their paths. */
  readonly files: readonly FoundFile[]
  readonly matches: number
  readonly truncated: boolean
  readonly closed: ReadonlySet<string>
  /** Not to be replaced, `path line:column`. */
  readonly excluded: ReadonlySet<string>
}

/** The search of one workspace at a time; it stays while other views are shown. */
export interface FindStore {
  readonly state: ReadableStore<FindState>
  change(query: Partial<SearchQuery>): void
  setReplacement(text: string): void
  setReplacing(isReplacing: boolean): void
  run(workspaceId: string): Promise<void>
  stop(): void
  /** Fills in the folder; what is typed next is searched there. */
  searchIn(workspaceId: string, folder: string): void
  toggleFile(path: string): void
  /** All matches of a file, or one. */
  exclude(file: FoundFile, match: SearchMatch | null, excluded: boolean): void
}

export const emptyQuery: SearchQuery = { pattern: '', isRegex: false, matchCase: false, wholeWord: false, include: '', exclude: '', withIgnored: false }
const none = { files: [], matches: 0, truncated: false, error: null, excluded: new Set<string>(), closed: new Set<string>() } as const

export function matchId(path: string, { line, column }: Pick<SearchMatch, 'line' | 'column'>): string {
  return `${path} ${line}:${column}`
}

export function createFindStore(client: Pick<Client, 'findInFiles'>): FindStore {
  const state = createStore<FindState>({ query: emptyQuery, replacement: '', isReplacing: false, status: 'idle', ...none })
  const running: { stop: AbortController | null } = { stop: null }
  const set = (patch: Partial<FindState>): void => state.set({ ...state.get(), ...patch })

  const run = async (workspaceId: string): Promise<void> => {
    running.stop?.abort()
    const { query } = state.get()
    if (query.pattern === '') return set({ status: 'idle', ...none })
    const stop = new AbortController()
    running.stop = stop
    set({ status: 'searching', ...none })
    try {
      for await (const message of await client.findInFiles.run({ id: workspaceId, query }, { signal: stop.signal })) {
        if (running.stop !== stop) return
        if (message.kind === 'found') {
          const files = withFound(state.get().files, message.files)
          set({ files, matches: files.reduce((sum, file) => sum + file.matches.length, 0) })
        } else set({ status: 'done', truncated: message.truncated })
      }
    } catch (error) {
      if (running.stop === stop) set(stop.signal.aborted ? { status: 'stopped' } : { status: 'failed', error })
    }
  }
  return {
    state, run,
    change: (query) => set({ query: { ...state.get().query, ...query } }),
    setReplacement: (replacement) => set({ replacement }),
    setReplacing: (isReplacing) => set({ isReplacing }),
    stop: () => running.stop?.abort(),
    searchIn: (workspaceId, folder) => {
      set({ query: { ...state.get().query, include: folder } })
      void run(workspaceId)
    },
    toggleFile: (path) => {
      const closed = new Set(state.get().closed)
      if (!closed.delete(path)) closed.add(path)
      set({ closed })
    },
    exclude: (file, match, isExcluded) => {
      const excluded = new Set(state.get().excluded)
      for (const one of match === null ? file.matches : [match]) {
        if (isExcluded) excluded.add(matchId(file.path, one))
        else excluded.delete(matchId(file.path, one))
      }
      set({ excluded })
    },
  }
}

/** Parts of a file that come apart are put together; files stay in the order of their paths. */
export function withFound(files: readonly FoundFile[], found: readonly FoundFile[]): readonly FoundFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  for (const { path, matches } of found) {
    const known = byPath.get(path)
    byPath.set(path, { path, matches: known === undefined ? matches : [...known.matches, ...matches] })
  }
  return [...byPath.values()].sort((left, right) => (left.path < right.path ? -1 : 1))
}

/** What of each file is to be replaced; files without anything are left out. */
export function wantedFiles({ files, excluded }: Pick<FindState, 'files' | 'excluded'>) {
  return files.flatMap(({ path, matches }) => {
    const keys = matches.filter((match) => !excluded.has(matchId(path, match))).map(({ line, column }) => `${line}:${column}`)
    return keys.length === 0 ? [] : [{ path, matches: keys }]
  })
}

export type FindRow =
  | { readonly kind: 'file'; readonly file: FoundFile; readonly isOpen: boolean }
  | { readonly kind: 'match'; readonly file: FoundFile; readonly match: SearchMatch; readonly position: number }

export function rowsOf({ files, closed }: Pick<FindState, 'files' | 'closed'>): readonly FindRow[] {
  return files.flatMap((file): readonly FindRow[] => {
    const isOpen = !closed.has(file.path)
    return [{ kind: 'file', file, isOpen }, ...(isOpen ? file.matches.map((match, index) => ({ kind: 'match' as const, file, match, position: index + 1 })) : [])]
  })
}
