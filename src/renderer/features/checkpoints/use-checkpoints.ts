import { type InfiniteData, useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { Checkpoint } from '#contract/checkpoints'
import { useServices } from '../../lib/services'

interface Pages {
  items: Checkpoint[]
  currentId: string | null
}

function flatten(data: InfiniteData<Pages, string | undefined>) {
  return { items: data.pages.flatMap((page) => page.items), currentId: data.pages[0]?.currentId ?? null }
}

/** Checkpoints of a session, newest first, as far as they were loaded. */
export function useCheckpoints(sessionId: string) {
  const { queries } = useServices()
  return useInfiniteQuery({ ...queries.checkpoints(sessionId), select: flatten })
}

/** Takes a named checkpoint and says so. */
export function useSaveCheckpoint(sessionId: string) {
  const { orpc, toasts } = useServices()
  const { mutateAsync, isPending } = useMutation(orpc.checkpoints.create.mutationOptions({
    onSuccess: (checkpoint) => toasts.info(`Checkpoint “${checkpoint.title}” is saved.`),
  }))
  return { isPending, save: async (name: string | null) => mutateAsync({ id: sessionId, ...(name === null ? {} : { name }) }) }
}
