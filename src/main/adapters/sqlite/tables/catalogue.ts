import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { type Model, ModelSchema } from '#contract/models'
import type { CatalogueStore } from '#core/ports/store'

const ModelsSchema = z.array(ModelSchema)

export function createCatalogueStore(db: Database): CatalogueStore {
  const select = db.prepare<[string], string>('SELECT models FROM catalogue WHERE provider = ?').pluck()
  const put = db.prepare<[string, string, number]>(`INSERT INTO catalogue (provider, models, at) VALUES (?, ?, ?)
    ON CONFLICT (provider) DO UPDATE SET models = excluded.models, at = excluded.at`)

  // Looked at before every model call, so a list is parsed once.
  const parsed = new Map<string, { readonly text: string; readonly models: readonly Model[] | null }>()

  return {
    /** A list that another version saved and this one cannot use counts as none: it is asked for again. */
    get(provider) {
      const text = select.get(provider)
      if (text === undefined) return null
      const known = parsed.get(provider)
      if (known?.text === text) return known.models
      const models = ModelsSchema.safeParse(JSON.parse(text)).data ?? null
      parsed.set(provider, { text, models })
      return models
    },
    put(provider, models, at) {
      put.run(provider, JSON.stringify(models), at)
    },
  }
}
