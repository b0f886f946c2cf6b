import type { Database } from 'better-sqlite3'
import type { StorageJob } from '#contract/storage'
import type { StorageJobStore } from '#core/ports/checkpoint-store'

export function createStorageJobStore(db: Database): StorageJobStore {
  const put = db.prepare<[string, string]>('INSERT INTO storage_jobs (kind, job) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET job = excluded.job')
  const list = db.prepare<[], string>('SELECT job FROM storage_jobs ORDER BY kind').pluck()
  return {
    put(job) {
      put.run(job.kind, JSON.stringify(job))
    },
    list: () => list.all().map((job): StorageJob => JSON.parse(job)),
  }
}
