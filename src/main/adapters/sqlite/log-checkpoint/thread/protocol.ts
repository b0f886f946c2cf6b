export interface CheckpointData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
}
