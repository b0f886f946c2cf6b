import type { SearchMatch, SearchMessage, SearchQuery } from '#contract/find-in-files'
import type { FileSearch } from '../ports/file-search'

/** So many matches go in one message at most; what waits for a slow reader is bounded by the limit of the search. */
const MOST_PER_MESSAGE = 500

/** Matches as they are found, then the end. Ending the iteration, or the signal, ends the search. */
export async function* searchMessages(fileSearch: FileSearch, root: string, query: SearchQuery, limit: number, outer: AbortSignal): AsyncGenerator<SearchMessage, void, void> {
  const stop = new AbortController()
  const onAbort = () => { stop.abort(outer.reason) }
  if (outer.aborted) onAbort()
  outer.addEventListener('abort', onAbort, { once: true })
  const files = new Set<string>()
  let waiting: { path: string; match: SearchMatch }[] = []
  let matches = 0
  let truncated = false
  let ended = false
  let wake: (() => void) | null = null
  const notify = () => {
    wake?.()
    wake = null
  }
  const onMatch = (path: string, match: SearchMatch): boolean => {
    if (matches >= limit) {
      truncated = true
      return false
    }
    matches += 1
    files.add(path)
    waiting.push({ path, match })
    notify()
    return true
  }
  const running = fileSearch.run(root, query, onMatch, stop.signal).finally(() => {
    ended = true
    notify()
  })
  // Its failure is told below, where it is awaited.
  running.catch(() => undefined)
  try {
    while (!ended || waiting.length > 0) {
      if (waiting.length === 0) await new Promise<void>((resolve) => { wake = resolve })
      const batch = waiting.slice(0, MOST_PER_MESSAGE)
      waiting = waiting.slice(MOST_PER_MESSAGE)
      if (batch.length > 0) yield { kind: 'found', files: byFile(batch) }
    }
    await running
    yield { kind: 'done', matches, files: files.size, truncated }
  } finally {
    outer.removeEventListener('abort', onAbort)
    stop.abort(new Error('nobody reads the search any more'))
  }
}

function byFile(found: readonly { readonly path: string; readonly match: SearchMatch }[]): { path: string; matches: SearchMatch[] }[] {
  const files = new Map<string, SearchMatch[]>()
  for (const { path, match } of found) {
    const known = files.get(path)
    if (known) known.push(match)
    else files.set(path, [match])
  }
  return [...files].map(([path, matches]) => ({ path, matches }))
}
