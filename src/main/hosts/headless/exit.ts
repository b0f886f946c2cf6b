import type { ErrorCode } from '#contract/errors'
import { isAppError } from '#core/errors'

/** What scripts can tell apart. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  badArguments: 2,
  profileInUse: 3,
  databaseNewer: 4,
  /** As shells report an interrupt. */
  interrupted: 130,
} as const

const codeByError: Partial<Record<ErrorCode, number>> = {
  INVALID_PARAMETERS: exitCodes.badArguments,
  PROFILE_IN_USE: exitCodes.profileInUse,
  DATABASE_NEWER: exitCodes.databaseNewer,
}

export interface Exit {
  readonly code: number
  /** One line for the person. */
  readonly line: string
}

/** How the process ends for a failure that nobody caught. */
export function exitFor(error: unknown): Exit {
  if (!isAppError(error)) return { code: exitCodes.failed, line: oneLine(error instanceof Error ? `unexpected failure: ${error.message}` : `unexpected failure: ${String(error)}`) }
  return { code: codeByError[error.code] ?? exitCodes.failed, line: oneLine(error.message) }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
