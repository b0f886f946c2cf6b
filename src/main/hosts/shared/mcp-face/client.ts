import { createRouterClient } from '@orpc/server'
import type { AppRouter } from '../../../runtime/router'
import { newTraceId } from '../trace-id'

/** The calls that a script would make, in the process. */
export function createFaceClient(router: AppRouter) {
  return createRouterClient(router, { context: () => ({ traceId: newTraceId(), by: 'script' as const }) })
}
export type FaceClient = ReturnType<typeof createFaceClient>
