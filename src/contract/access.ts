import { oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema, IdSchema, TimestampSchema } from './common'

/** `read`: only what is asked with GET, and the event streams. `all`: everything but tokens, which are for the person alone. */
export const AccessScopeSchema = z.enum(['read', 'all'])
export type AccessScope = z.infer<typeof AccessScopeSchema>

/** A token for a script or another program, beside the one of the start. Kept as its hash. */
export const AccessTokenSchema = z.object({
  id: IdSchema,
  name: z.string(),
  scope: AccessScopeSchema,
  createdAt: TimestampSchema,
  /** Null: until it is revoked. */
  expiresAt: TimestampSchema.nullable(),
  /** Since Trestle was started; null: not yet. The audit knows of earlier times. */
  usedAt: TimestampSchema.nullable(),
})
export type AccessToken = z.infer<typeof AccessTokenSchema>

export const NewAccessTokenSchema = z.object({
  name: z.string().trim().min(1).max(80),
  scope: AccessScopeSchema.default('read'),
  expiresAt: TimestampSchema.nullable().default(null),
})
export type NewAccessToken = z.output<typeof NewAccessTokenSchema>

const tags = ['access']

export const access = {
  list: oc.route({ method: 'GET', path: '/access-tokens', tags, summary: 'Tokens for scripts and other programs; their values are never given back' })
    .input(EmptySchema).output(z.object({ items: z.array(AccessTokenSchema) })),
  create: oc.route({ method: 'POST', path: '/access-tokens', successStatus: 201, tags, summary: 'Make a token. This is the only time that its value is told' })
    .input(NewAccessTokenSchema).output(z.object({ item: AccessTokenSchema, token: z.string() })),
  revoke: oc.route({ method: 'DELETE', path: '/access-tokens/{id}', tags, summary: 'From now on it opens nothing; what is open with it is closed' })
    .input(z.object({ id: IdSchema })).output(EmptySchema),
}
