import type { AccessScope, AccessToken, NewAccessToken } from '#contract/access'
import { AppError, notFound } from '../errors'
import type { AccessTokenStore } from '../ports/access-store'
import type { Clock, Logger, NewId, Sha256 } from '../ports/system'

const MOST_TOKENS = 100
/** Timers do not reach further than days; it is looked again then. */
const LONGEST_WAIT_MS = 60 * 60_000

export interface AccessService {
  list(): readonly AccessToken[]
  /** AppError INVALID_PARAMETERS, CONFLICT when there are too many. */
  create(token: NewAccessToken): { readonly item: AccessToken; readonly token: string }
  /** AppError RESOURCE_NOT_FOUND. */
  revoke(id: string): void
  /** What this value opens now; null: nothing. */
  scopeOf(value: string): AccessScope | null
  /** Called when one has ended, so that what is open with it is closed. */
  onDidEnd(listener: () => void): () => void
  /** Ends tokens at their time. The result stops it. */
  start(): () => void
}

export function createAccessService({ tokens, clock, newId, newToken, sha256, logger }: {
  readonly tokens: AccessTokenStore
  readonly clock: Clock
  readonly newId: NewId
  readonly newToken: () => string
  readonly sha256: Sha256
  readonly logger: Logger
}): AccessService {
  const listeners = new Set<() => void>()
  let cancel: () => void = () => undefined
  let stopped = true
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  const arm = () => {
    cancel()
    if (stopped) return
    const next = Math.min(LONGEST_WAIT_MS, ...tokens.list().flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt - clock.now()])))
    cancel = clock.after(Math.max(1, next), () => {
      if (tokens.removeExpired(clock.now()) > 0) tell()
      arm()
    })
  }
  return {
    list: () => tokens.list().filter(({ expiresAt }) => expiresAt === null || expiresAt > clock.now()),
    create: ({ name, scope, expiresAt }) => {
      const now = clock.now()
      if (expiresAt !== null && expiresAt <= now) throw new AppError('INVALID_PARAMETERS', 'That time is over already. Choose one that is to come.')
      tokens.removeExpired(now)
      if (tokens.list().length >= MOST_TOKENS) throw new AppError('CONFLICT', `There are ${MOST_TOKENS} tokens already. Revoke those that are not used any more.`)
      const item: AccessToken = { id: newId(), name, scope, createdAt: now, expiresAt }
      const token = newToken()
      tokens.insert(item, sha256(token))
      logger.info('access.token_made', { id: item.id, scope, expiresAt })
      arm()
      return { item, token }
    },
    revoke: (id) => {
      if (!tokens.remove(id)) throw notFound('Token', id)
      logger.info('access.token_revoked', { id })
      tell()
    },
    scopeOf: (value) => {
      const found = tokens.find(sha256(value))
      return found && (found.expiresAt === null || found.expiresAt > clock.now()) ? found.scope : null
    },
    onDidEnd: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    start: () => {
      stopped = false
      arm()
      return () => {
        stopped = true
        cancel()
      }
    },
  }
}
