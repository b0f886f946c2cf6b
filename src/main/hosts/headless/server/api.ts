import { OpenAPIHandler } from '@orpc/openapi/node'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError } from '#core/errors'
import type { Repeats } from '#core/repeats/repeats'
import type { AppRouter } from '../../../runtime/router'
import { callOptions } from '../../shared/calls'
import { retryAfterHeader, type ReportBug } from '../../shared/wire-error'
import type { Admission } from './admission'
import { repeatInterceptor } from './repeat-interceptor'
import { readJsonBody } from './request-body'
import { contractRoutes, methodsOf } from './routes'
import { sendError, sendJson } from './send'

export const API_PREFIX = '/api/v1'
const OPENAPI_PATH = `${API_PREFIX}/openapi.json`

export interface ApiOptions {
  readonly router: AppRouter
  readonly admission: Admission
  readonly version: string
  readonly reportBug: ReportBug
  readonly repeats?: Repeats
}

export interface ApiRequest {
  readonly request: IncomingMessage & { body?: unknown }
  readonly response: ServerResponse
  /** Without the query. */
  readonly path: string
  readonly traceId: string
}

export type AnswerApi = (call: ApiRequest) => Promise<void>

/** Answers REST calls that have passed the checks of the server. Throws what `sendError` turns into an answer. */
export function createApi({ router, admission, version, reportBug, repeats }: ApiOptions): AnswerApi {
  const handler = new OpenAPIHandler(router, {
    ...callOptions({ guard: admission, reportBug }),
    rootInterceptors: [
      ...(repeats ? [repeatInterceptor(repeats)] : []),
      async (call) => {
        const result = await call.next()
        if (!result.matched) return result
        return { ...result, response: { ...result.response, headers: { ...result.response.headers, ...retryAfterHeader(result.response.body) } } }
      },
    ],
    customErrorResponseBodyEncoder: (error) => error.data,
  })
  const routes = contractRoutes()
  let openApi: Promise<unknown> | null = null

  return async ({ request, response, path, traceId }) => {
    const methods = path === OPENAPI_PATH ? ['GET'] : methodsOf(path.slice(API_PREFIX.length), routes)
    if (methods.length === 0) throw new AppError('RESOURCE_NOT_FOUND', `There is nothing at this path; ${OPENAPI_PATH} lists what there is.`)
    if (!methods.includes(request.method ?? '')) {
      const error = new AppError('INVALID_PARAMETERS', `This path takes ${methods.join(', ')}.`)
      return sendError(response, { error, traceId, reportBug, status: 405, headers: { allow: methods.join(', ') } })
    }
    if (path === OPENAPI_PATH) {
      openApi ??= import('./openapi').then(({ buildOpenApiDocument }) => buildOpenApiDocument(version))
      return sendJson(response, 200, await openApi)
    }
    // Read here and not by the handler: it would take other types than JSON, and has no limit.
    if (request.method !== 'GET') request.body = await readJsonBody(request, response)
    response.setHeader('cache-control', 'no-store')
    const { matched } = await handler.handle(request, response, { prefix: API_PREFIX, context: { traceId, by: 'script' } })
    if (!matched) throw new Error(`the contract has ${path}, the router has not`)
  }
}
