import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { QueryUtils } from './client'
import type { Queries } from './queries'

/** What writes to the query cache needs of it. */
export interface QueryParts {
  readonly queryClient: QueryClient
  readonly orpc: QueryUtils
  readonly queries: Queries
}

/**
 * An answer that is still on its way may be older than the event: then it is asked for again. Invalidating alone would
 * take the old answer when it is the first one.
 */
export function reloadIfLoading({ queryClient }: Pick<QueryParts, 'queryClient'>, queryKey: QueryKey): void {
  if (queryClient.getQueryState(queryKey)?.fetchStatus !== 'fetching') return
  void queryClient.cancelQueries({ queryKey, exact: true }).then(() => queryClient.refetchQueries({ queryKey, exact: true, type: 'active' }))
}
