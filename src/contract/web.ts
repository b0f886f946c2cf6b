import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema } from './common'
import { ErrorBodySchema } from './errors'
import { WebSettingsSchema } from './settings'

export const WebStateSchema = z.object({
  search: WebSettingsSchema.shape.search.unwrap(),
  /** Where the key of the search is kept. `session`: in memory until Trestle stops. */
  key: z.enum(['keychain', 'session', 'none']),
  /** Whether agents are offered the search. */
  usable: z.boolean(),
})
export type WebState = z.infer<typeof WebStateSchema>

const tags = ['web']

export const web = {
  get: oc.route({ method: 'GET', path: '/web', tags, summary: 'How agents search the web' }).input(EmptySchema).output(WebStateSchema),
  setKey: oc.route({ method: 'PUT', path: '/web/search/key', tags, summary: 'Store the key of the search in the keychain; it is never given back' })
    .input(z.object({ key: z.string().trim().min(1).max(1000) })).output(WebStateSchema),
  removeKey: oc.route({ method: 'DELETE', path: '/web/search/key', tags }).input(EmptySchema).output(WebStateSchema),
  test: oc.route({ method: 'POST', path: '/web/search/test', tags, summary: 'Search for one word and count the results' })
    .input(EmptySchema).output(z.object({ ok: z.boolean(), results: z.number().int(), error: ErrorBodySchema.nullable() })),
}
