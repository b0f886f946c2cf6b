import type { QueryClient } from '@tanstack/react-query'
import type { ReadableStore } from '../../lib/external-store'
import type { Queries } from '../../lib/queries'
import { parseRoute } from '../../lib/route'

/** A window that opens on the board loads its code beside the connection, and its cards beside the rest of the window, instead of one after the other. */
export function loadAhead(hash: string, { queryClient, queries, ready }: { readonly queryClient: QueryClient; readonly queries: Pick<Queries, 'board'>; readonly ready: ReadableStore<boolean> }): void {
  if (parseRoute(hash).view !== 'tasks') return
  // Whoever shows the view tells what went wrong.
  for (const code of [import('./work-page'), import('../../features/tasks/tasks-view'), import('../../features/tasks/tasks-parts')]) code.catch(() => undefined)
  const stop = ready.subscribe(() => {
    if (!ready.get()) return
    stop()
    void queryClient.prefetchQuery(queries.board())
  })
}
