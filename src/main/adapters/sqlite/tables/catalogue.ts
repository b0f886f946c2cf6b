import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { ModelSchema } from '#contract/models'
import type { CatalogueStore } from '#core/ports/store'

const ModelsSchema = z.array(ModelSchema)

export function createCatalogueStore(db: Database): CatalogueStore {
  const select = db.prepare<[string], string>('SELECT models FROM catalogue WHERE provider = ?').pluck()
  const put = db.prepare<[string, string, number]>(`INSERT INTO catalogue (provider, models, at) VALUES (?, ?, ?)
    ON CONFLICT (provider) DO UPDATE SET models = excluded.models, at = excluded.at`)

  return {
    /** A list that another version saved and this one cannot use counts as none: it is asked for again. */
    get(provider) {
      const models = select.get(provider)
      return models === undefined ? null : (ModelsSchema.safeParse(JSON.parse(models)).data ?? null)
    },
    put(provider, models, at) {
      put.run(provider, JSON.stringify(models), at)
    },
  }
}
