/** Whole outputs that were too long for a conversation. Kept with their session. */
export interface ArtifactStore {
  /** Writes in order; `close` returns the size. Beyond the store's cap further text is left out. */
  create(sessionId: string, id: string): ArtifactWriter
  /** `limit` bytes from `offset`, cut at character boundaries. AppError RESOURCE_NOT_FOUND. */
  read(id: string, offset: number, limit: number): Promise<{ readonly text: string; readonly bytes: number; readonly nextOffset: number | null }>
  removeSession(sessionId: string): Promise<void>
}

export interface ArtifactWriter {
  readonly id: string
  write(text: string): void
  /** On disk when it resolves. */
  close(): Promise<{ readonly bytes: number }>
  /** Removes it again. */
  discard(): Promise<void>
}
