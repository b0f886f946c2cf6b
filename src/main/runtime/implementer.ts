import { implement } from '@orpc/server'
import { contract } from '#contract'

/** What every call knows of where it comes from. */
export interface CallContext {
  readonly traceId: string
}

/** Handlers throw AppError; the transports turn it into their answer. */
export const os = implement(contract).$context<CallContext>()
