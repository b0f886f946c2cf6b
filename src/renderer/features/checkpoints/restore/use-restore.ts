import { useMutation } from '@tanstack/react-query'
import type { CheckpointPart, RestoreResult } from '#contract/checkpoints'
import { useServices } from '../../../lib/services'
import { joinPrompt } from './join-prompt'
import type { RestoreChoices } from './selection'
import { apply, type RestoreSource, sessionOf } from './source'

export interface Restored {
  readonly result: RestoreResult
  readonly parts: readonly CheckpointPart[]
}

/** Restores, and gives the prompt that stood there back to the composer. */
export function useRestore(source: RestoreSource) {
  const { client, drafts } = useServices()
  const sessionId = sessionOf(source)
  return useMutation({
    meta: { shownInPlace: true },
    mutationFn: async ({ parts, choices }: { readonly parts: readonly CheckpointPart[]; readonly choices: RestoreChoices }): Promise<Restored> => ({
      result: await apply(client, source, [...parts], choices), parts,
    }),
    onSuccess: ({ result }) => {
      if (result.prompt !== null) drafts.set(sessionId, joinPrompt(result.prompt, drafts.get(sessionId)))
    },
  })
}

/** Brings the state before a restore back, whole. */
export function useRedo() {
  const { client } = useServices()
  return useMutation({
    meta: { shownInPlace: true },
    mutationFn: ({ result, parts }: Restored) => client.checkpoints.restore({ id: result.redoCheckpointId, parts: [...parts] }),
  })
}
