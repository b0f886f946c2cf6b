/** Turns texts into vectors, of one model. */
export interface Embedder {
  /** In the order of the texts, all of one length. Throws AppError, with what the server says. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]>
}

/** At most so many texts at once: what the hosted models take, and not too much for one on this machine. */
export const MOST_TEXTS = 64
