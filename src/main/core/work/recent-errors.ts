import type { Clock, Logger } from '../ports/system'

export interface RecentError {
  readonly at: number
  readonly level: 'warning' | 'error'
  readonly event: string
  /** Code or name of the error; never its message, which may hold what is private. */
  readonly error: string | null
}

const KEPT = 50

/** A logger that remembers the last warnings and errors, for a report that a person may give away. */
export function withRecentErrors(logger: Logger, clock: Pick<Clock, 'now'>): { readonly logger: Logger; readonly recent: () => readonly RecentError[] } {
  const kept: RecentError[] = []
  const keep = (level: RecentError['level'], event: string, fields: Readonly<Record<string, unknown>> | undefined) => {
    kept.push({ at: clock.now(), level, event: event.slice(0, 100), error: nameOf(fields?.['error']) })
    if (kept.length > KEPT) kept.shift()
  }
  return {
    recent: () => [...kept],
    logger: {
      ...logger,
      warn: (event, fields) => {
        keep('warning', event, fields)
        logger.warn(event, fields)
      },
      error: (event, fields) => {
        keep('error', event, fields)
        logger.error(event, fields)
      },
    },
  }
}

function nameOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  return ('code' in error && typeof error.code === 'string' ? error.code : error.name).slice(0, 60)
}
