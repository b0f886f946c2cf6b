import type { ChainReport } from '#core/ports/audit-store'

export interface VerifyData {
  /** Where better-sqlite3 is. */
  readonly library: string
  readonly path: string
  readonly from: number
}

export interface VerifyReply {
  readonly report: ChainReport
}
