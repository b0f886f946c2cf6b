import type { WrittenFile } from '../flow/files-written'

/** A call that is about to change something outside the journal. */
export interface Effect {
  readonly stepId: string
  readonly callId: string
  /** The reply that made the call. */
  readonly replyEntryId: string
  readonly label: string
  /** Workspace paths that it will write; null: it can write anything. */
  readonly paths: readonly string[] | null
}

/** Who must know before something is changed, and when that has ended. */
export interface EffectWatch {
  /** The effect begins when this resolves; it takes as long as keeping what is there now. Throws only the signal's reason. */
  begin(effect: Effect, signal: AbortSignal): Promise<WatchedEffect>
}

export interface WatchedEffect {
  readonly end: () => void
  /** After the end: the files that are another content now, whoever wrote them; null: it is not known. Never rejects. */
  readonly written: () => Promise<readonly WrittenFile[] | null>
}

export const unwatchedEffect: WatchedEffect = { end: () => undefined, written: () => Promise.resolve(null) }
