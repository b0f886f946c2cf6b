import { implement } from '@orpc/server'
import { contract } from '#contract'

/** What every call knows of where it comes from. */
export interface CallContext {
  readonly traceId: string
  /** The window of the desktop app that calls. */
  readonly windowId?: string
  /** It came over REST; else from a window. */
  readonly by?: 'script'
}

/** Handlers throw AppError; the transports turn it into their answer. */
export const os = implement(contract).$context<CallContext>()
