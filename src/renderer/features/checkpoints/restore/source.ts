import type { Branch, Checkpoint, RestoreInput, RestorePreview, RestoreResult, UndoTarget } from '#contract/checkpoints'
import { assertNever } from '../../../lib/assert-never'
import type { Client } from '../../../lib/client'
import type { RestoreChoices } from './selection'

/** What a restore dialog is about: going back to a checkpoint, taking back a turn or a command, or bringing a branch home. */
export type RestoreSource =
  | { readonly kind: 'checkpoint'; readonly sessionId: string; readonly checkpoint: Checkpoint; /** Starts with only these paths. */ readonly paths?: readonly string[] }
  | { readonly kind: 'undo'; readonly sessionId: string; readonly target: UndoTarget; readonly what: string }
  | { readonly kind: 'bring-home'; readonly branch: Branch }

/** Where its changes go. */
export function sessionOf(source: RestoreSource): string {
  return source.kind === 'bring-home' ? source.branch.originSessionId : source.sessionId
}

export function titleOf(source: RestoreSource): string {
  switch (source.kind) {
    case 'checkpoint': return `Go back to “${source.checkpoint.title}”`
    case 'undo': return `Undo ${source.what}`
    case 'bring-home': return `Bring the changes of “${source.branch.name}” home`
    default: return assertNever(source)
  }
}

export function previewOf(client: Client, source: RestoreSource, parts: RestoreInput['parts']): Promise<RestorePreview> {
  switch (source.kind) {
    case 'checkpoint': return client.checkpoints.preview({ id: source.checkpoint.id, parts })
    case 'undo': return client.checkpoints.previewUndo({ target: source.target })
    case 'bring-home': return client.branches.preview({ id: source.branch.id })
    default: return assertNever(source)
  }
}

export function apply(client: Client, source: RestoreSource, parts: RestoreInput['parts'], choices: RestoreChoices): Promise<RestoreResult> {
  switch (source.kind) {
    case 'checkpoint': return client.checkpoints.restore({ id: source.checkpoint.id, parts, ...choices })
    case 'undo': return client.checkpoints.undo({ target: source.target, ...choices })
    case 'bring-home': return client.branches.bringHome({ id: source.branch.id, ...choices })
    default: return assertNever(source)
  }
}
