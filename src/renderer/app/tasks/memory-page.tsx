import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MemoryPlaces } from '../../features/memory/places'
import { MemoryView } from '../../features/memory/memory-view'
import { useServices } from '../../lib/services'
import { useUiStore } from '../ui-context'
import { useOpenEntry } from '../use-open-entry'
import { useSelection } from '../use-window-state'

/** The memory with what the window knows of folders and sessions. Lazy-loaded. */
export function MemoryPage({ openId }: { readonly openId: string | null }) {
  const ui = useUiStore()
  const { queries } = useServices()
  const { folder } = useSelection()
  const openEntry = useOpenEntry()
  const workspaces = useQuery(queries.workspaces()).data?.items
  const sessions = useInfiniteQuery({ ...queries.sessions('active'), enabled: false, select: ({ pages }) => pages.flatMap(({ items }) => items) }).data
  const workspaceId = folder?.id ?? null
  const places = useMemo((): MemoryPlaces => ({
    workspaces: workspaces ?? [],
    workspaceId,
    sessionTitle: (id) => sessions?.find((session) => session.id === id)?.title ?? 'a session',
    onOpenSession: (sessionId, entryId) => {
      if (entryId === null) ui.getState().go({ view: 'session', sessionId })
      else void openEntry(sessionId, entryId)
    },
  }), [workspaces, workspaceId, sessions, ui, openEntry])
  return <MemoryView openId={openId} onOpen={(memoryId) => ui.getState().go({ view: 'memory', memoryId })} places={places} />
}
