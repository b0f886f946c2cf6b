export interface CheckpointData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
}
/** `take over` what is in the log into the file; and see to it that the log `begin`s `anew`, or is `empty`, while the one who writes most waits. */
export type Wish = 'take over' | 'begin anew' | 'empty'
