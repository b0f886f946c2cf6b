import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useServices, useStore } from '../../lib/services'
import { createFolderTree } from './folder-tree'
import { createMarkLookup } from './git-marks'

const mostFound = 1_000
const marksEveryMs = 400

export function useFolderTree(workspaceId: string) {
  const { client, memory, folderWatches } = useServices()
  const [tree] = useState(() => createFolderTree({ workspaceId, client, memory }))
  useEffect(() => folderWatches.listen(workspaceId, tree.onChange), [folderWatches, workspaceId, tree])
  return { tree, state: useStore(tree.state), folder: useStore(folderWatches.state(workspaceId)) }
}

/** Files whose path has all words of the filter; asked for again when something changes. */
export function useFoundFiles(workspaceId: string, query: string) {
  const { orpc, folderWatches } = useServices()
  const cache = useQueryClient()
  const words = query.trim()
  const options = orpc.files.find.queryOptions({ input: { id: workspaceId, query: words, mode: 'contains', limit: mostFound } })
  const isWanted = words !== ''
  useEffect(() => {
    if (!isWanted) return
    return folderWatches.listen(workspaceId, (change) => {
      if (change.reset || change.listed || change.folders.length > 0) void cache.invalidateQueries({ queryKey: orpc.files.find.key() })
    })
  }, [folderWatches, workspaceId, cache, orpc, isWanted])
  return useQuery({ ...options, enabled: isWanted, placeholderData: keepPreviousData, staleTime: 0, gcTime: 10_000 })
}

/** What git says, asked for again after changes, one question at a time. */
export function useGitMarks(workspaceId: string, isTrusted: boolean) {
  const { orpc, folderWatches } = useServices()
  const cache = useQueryClient()
  const options = orpc.files.marks.queryOptions({ input: { id: workspaceId } })
  const marks = useQuery({ ...options, enabled: isTrusted, staleTime: 0, refetchOnMount: 'always' })
  useEffect(() => {
    const waiting: { timer: ReturnType<typeof setTimeout> | null } = { timer: null }
    const stop = folderWatches.listen(workspaceId, () => {
      waiting.timer ??= setTimeout(() => {
        waiting.timer = null
        void cache.invalidateQueries({ queryKey: orpc.files.marks.key() }, { cancelRefetch: false })
      }, marksEveryMs)
    })
    return () => {
      stop()
      if (waiting.timer !== null) clearTimeout(waiting.timer)
    }
  }, [folderWatches, workspaceId, cache, orpc])
  const data = isTrusted ? (marks.data ?? null) : null
  return useMemo(() => createMarkLookup(data), [data])
}
