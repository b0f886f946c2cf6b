import type { Checkpoint, RestoreInput, RestoreResult } from '#contract/checkpoints'
import type { Client } from '../../lib/client'

/** What the changes are compared with: a checkpoint, or the last commit. */
export type Base = { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint } | { readonly kind: 'commit'; readonly sessionId: string }

export function revertTo(client: Client, base: Base, path: string, hunks: RestoreInput['hunks']): Promise<RestoreResult> {
  const part = hunks === undefined ? {} : { hunks }
  return base.kind === 'commit'
    ? client.changes.revertUncommitted({ id: base.sessionId, paths: [path], ...part })
    : client.checkpoints.restore({ id: base.checkpoint.id, parts: ['files'], paths: [path], ...part })
}
