import type { StandardHandleResult, StandardHandlerOptions } from '@orpc/server/standard'
import { createHash } from 'node:crypto'
import { AppError } from '#core/errors'
import type { Repeats } from '#core/repeats/repeats'
import type { CallContext } from '../../../runtime/router'

const KEY = /^[\x21-\x7e]{1,200}$/

type Interceptor = NonNullable<StandardHandlerOptions<CallContext>['rootInterceptors']>[number]

/** A POST with the header `Idempotency-Key` is done once. Throws AppError. */
export function repeatInterceptor(repeats: Repeats): Interceptor {
  return async ({ request, next }) => {
    const key = request.headers['idempotency-key']
    if (request.method !== 'POST' || key === undefined) return next()
    if (typeof key !== 'string' || !KEY.test(key)) throw new AppError('INVALID_PARAMETERS', 'An idempotency key has up to 200 visible characters without spaces, and comes once.')
    const body = JSON.stringify(await request.body())
    const client = hashOf(String(request.headers['authorization'] ?? ''))
    const unmatched: StandardHandleResult[] = []
    const found = await repeats.once({ client, route: `${request.url.pathname}${request.url.search}`, key, bodyHash: hashOf(body) }, async () => {
      const result = await next()
      if (!result.matched) unmatched.push(result)
      return result.matched ? result.response : { status: 500, headers: {}, body: undefined }
    })
    const [notFound] = unmatched
    if (notFound) return notFound
    if ('done' in found) return { matched: true, response: found.done }
    return { matched: true, response: { ...found.repeated, headers: { 'idempotency-replayed': 'true' } } }
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
