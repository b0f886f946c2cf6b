import type { AccessToken, NewAccessToken } from '#contract/access'
import type { Audit } from '../audit/audit-log'
import { AppError, notFound } from '../errors'
import type { AccessTokenRow } from '../ports/access-store'
import type { Store } from '../ports/store'
import type { Clock, Logger, NewId, Sha256 } from '../ports/system'

const MOST_TOKENS = 100
/** Timers do not reach further than days; it is looked again then. */
const LONGEST_WAIT_MS = 60 * 60_000

export interface AccessService {
  list(): readonly AccessToken[]
  /** AppError INVALID_PARAMETERS, CONFLICT when there are too many. */
  create(token: NewAccessToken, traceId: string): { readonly item: AccessToken; readonly token: string }
  /** AppError RESOURCE_NOT_FOUND. */
  revoke(id: string, traceId: string): void
  /** Whose value this is, and what it opens now; null: nobody's. Who asks uses it. */
  find(value: string): Pick<AccessToken, 'id' | 'name' | 'scope'> | null
  /** Called when one has ended, so that what is open with it is closed. */
  onDidEnd(listener: () => void): () => void
  /** Ends tokens at their time. The result stops it. */
  start(): () => void
}

export interface AccessPorts {
  readonly store: Pick<Store, 'accessTokens' | 'transaction'>
  readonly audit: Audit
  readonly clock: Clock
  readonly newId: NewId
  readonly newToken: () => string
  readonly newTraceId: () => string
  readonly sha256: Sha256
  readonly logger: Logger
}

export function createAccessService({ store, audit, clock, newId, newToken, newTraceId, sha256, logger }: AccessPorts): AccessService {
  const tokens = store.accessTokens
  const listeners = new Set<() => void>()
  const usedAt = new Map<string, number>()
  let cancel: () => void = () => undefined
  let stopped = true
  const tell = () => [...listeners].forEach((listener) => listener())
  const record = recordIn(audit)
  /** Those whose time is over, and what says so. */
  const removeExpired = (): boolean => store.transaction(() => {
    const gone = tokens.removeExpired(clock.now())
    for (const token of gone) {
      usedAt.delete(token.id)
      record(token, 'ended at its time', 'low', newTraceId())
    }
    return gone.length > 0
  })
  const arm = () => {
    cancel()
    if (stopped) return
    const next = Math.min(LONGEST_WAIT_MS, ...tokens.list().flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt - clock.now()])))
    cancel = clock.after(Math.max(1, next), () => {
      try {
        if (removeExpired()) tell()
      } catch (error) {
        // A full disk, say: what is over opens nothing all the same.
        logger.warn('access.not_removed', { error })
      }
      arm()
    })
  }
  const isOpen = ({ expiresAt }: AccessTokenRow) => expiresAt === null || expiresAt > clock.now()
  return {
    list: () => tokens.list().filter(isOpen).map((token) => ({ ...token, usedAt: usedAt.get(token.id) ?? null })),
    create: ({ name, scope, expiresAt }, traceId) => {
      const now = clock.now()
      if (expiresAt !== null && expiresAt <= now) throw new AppError('INVALID_PARAMETERS', 'That time is over already. Choose one that is to come.')
      removeExpired()
      if (tokens.list().length >= MOST_TOKENS) throw new AppError('CONFLICT', `There are ${MOST_TOKENS} tokens already. Revoke those that are not used any more.`)
      const item = { id: newId(), name, scope, createdAt: now, expiresAt }
      const token = newToken()
      store.transaction(() => {
        tokens.insert(item, sha256(token))
        record(item, `was made: ${scope === 'read' ? 'it may read' : 'it may do everything but make tokens'}`, scope === 'read' ? 'medium' : 'high', traceId)
      })
      logger.info('access.token_made', { id: item.id, scope, expiresAt })
      arm()
      return { item: { ...item, usedAt: null }, token }
    },
    revoke: (id, traceId) => {
      store.transaction(() => {
        const token = tokens.list().find((each) => each.id === id)
        if (!token || !tokens.remove(id)) throw notFound('Token', id)
        record(token, 'was revoked', 'medium', traceId)
      })
      usedAt.delete(id)
      logger.info('access.token_revoked', { id })
      tell()
    },
    find: (value) => {
      const found = tokens.find(sha256(value))
      if (!found || !isOpen(found)) return null
      usedAt.set(found.id, clock.now())
      return { id: found.id, name: found.name, scope: found.scope }
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

function recordIn(audit: Audit) {
  return ({ id, name, scope, expiresAt }: AccessTokenRow, what: string, severity: 'low' | 'medium' | 'high', traceId: string): void =>
    audit.append({ kind: 'grant', severity, title: `Token “${name}” ${what}`, content: { tokenId: id, name, scope, expiresAt } }, { sessionId: null, runId: null, traceId })
}
