import type { AuditFilter, AuditProblem, AuditRecord } from '#contract/audit'
import type { Page } from './page'

/** A record as it is kept: `content` as the text that was hashed, `before` the hash of the one in front of it. */
export interface AuditRow extends Omit<AuditRecord, 'content'> {
  readonly content: string
  readonly before: string
}

export interface AuditCount {
  readonly kind: string
  readonly severity: string
  readonly count: number
  readonly first: number
  readonly last: number
}

/** The records up to `to` were put away, as record `record` says; `hash` is that of the last of them. */
export interface AuditCut {
  readonly to: number
  readonly hash: string
  readonly record: number
  /** How many there were of each kind and weight, since the first of all. */
  readonly counts: Readonly<Record<string, number>>
}

export interface AuditStore {
  /** Throws (a bug) when the number is taken. */
  append(row: AuditRow): void
  /** The newest; null: there is none. */
  head(): Pick<AuditRecord, 'number' | 'hash'> | null
  /** Null: it is not there. */
  hashOf(number: number): string | null
  /** The number of the oldest that is there; null: there is none. */
  first(): number | null
  /** How many there are of each kind and weight up to this number, and from when to when. */
  countUpTo(number: number): readonly AuditCount[]
  /** What was put away of the oldest; null: nothing. */
  cut(): AuditCut | null
  /** From now on records up to this number may be removed; `record` is the one that says so. */
  allowCut(upto: number, record: number): void
  /** Removes some of those that may be. Returns how many; 0: none is left. */
  removeCut(limit: number): number
  /** Newest first. Looks through a bounded number of records at once: a page may be short and have a next one. */
  list(query: AuditFilter & { readonly cursor?: string | undefined; readonly limit: number }): Page<AuditRecord>
}

/** What the walk over the chain found. */
export interface ChainReport {
  readonly records: number
  /** That stand before those, and were not looked at. */
  readonly skipped: number
  readonly last: number
  /** The first twenty. */
  readonly problems: readonly AuditProblem[]
  readonly count: number
}

/** Reads the whole audit beside everything else. */
export interface AuditReader {
  /** Calculates the chain anew, from the record after `from` on. Rejects with AppError when it cannot be read. */
  verify(from: number): Promise<ChainReport>
  close(): Promise<void>
}

/** The head of the chain, kept apart from the database. */
export interface AuditHead {
  readonly number: number
  readonly hash: string
  /** Made with a key that only the keychain has. */
  readonly mac: string
}

export interface AuditHeadFile {
  /** Null: there is none. `damaged`: what is there is no head. */
  read(): Promise<AuditHead | 'damaged' | null>
  /** In one step, and on disk when it resolves. */
  write(head: AuditHead): Promise<void>
}

/** Where and how the head is signed. */
export interface AuditSigning {
  readonly file: AuditHeadFile
  readonly newKey: () => string
  readonly mac: (key: string, number: number, hash: string) => string
}
