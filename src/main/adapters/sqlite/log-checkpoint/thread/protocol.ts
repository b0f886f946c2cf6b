export interface CheckpointData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
}
/** `take over` what is in the log into the file; or see to it as well that the log `begin`s `anew`, while the one who writes most waits. */
export type Wish = 'take over' | 'begin anew'
