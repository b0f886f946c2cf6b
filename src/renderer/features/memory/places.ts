import type { MemoryItem } from '#contract/memory'

/** What the window around the memory knows of other places. */
export interface MemoryPlaces {
  readonly workspaces: readonly { readonly id: string; readonly name: string }[]
  readonly workspaceId: string | null
  readonly sessionTitle: (id: string) => string
  readonly onOpenSession: (sessionId: string, entryId: string | null) => void
}

export function placeName({ scope, workspaceId, sessionId }: Pick<MemoryItem, 'scope' | 'workspaceId' | 'sessionId'>, places: MemoryPlaces): string {
  if (scope === 'user') return 'everywhere'
  if (scope === 'session') return sessionId === null ? 'a session' : places.sessionTitle(sessionId)
  return places.workspaces.find(({ id }) => id === workspaceId)?.name ?? 'a folder that is gone'
}
