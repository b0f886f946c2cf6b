import type { AuditReader } from '#core/ports/audit-store'
import type { JobQueue } from '#core/ports/job-queue'
import type { MemorySearch } from '#core/ports/memory-search'
import type { Store } from '#core/ports/store'
import type { Clock, NewId } from '#core/ports/system'
import { openStore } from './open-store'

export interface MemoryStore extends Store {
  readonly jobs: JobQueue
  readonly memorySearch: MemorySearch
  readonly auditReader: AuditReader
  close(): Promise<void>
}

export interface MemoryStoreOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly newId?: NewId
}

/** The real tables and statements with nothing on disk: no lock, no backup. For tests. */
export function openMemoryStore({ clock, newId = () => 'id' }: MemoryStoreOptions): MemoryStore {
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { store, jobs, memorySearch, auditReader, close } = openStore({ path: ':memory:', backupFolder: '', clock, newId, logger })
  return { ...store, jobs, memorySearch, auditReader, close }
}
