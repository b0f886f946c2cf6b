import { createHash, timingSafeEqual } from 'node:crypto'
import type { AccessScope } from '#contract/access'

/** `owner`: the token of the start, which is the person's. */
export type Access = 'owner' | AccessScope

export interface Credentials {
  /** What the token opens; null: nothing. Takes the same time whatever is wrong with it. */
  accessOf(token: string | null): Access | null
  /** From now on the token of the start opens nothing. */
  revoke(): void
  /** Called when a token has ended, by a person or at its time; the result unsubscribes. */
  onDidRevoke(listener: () => void): () => void
}

/** The tokens that a person made. */
export interface MadeTokens {
  scopeOf(token: string): AccessScope | null
  onDidEnd(listener: () => void): () => void
}

const noTokens: MadeTokens = { scopeOf: () => null, onDidEnd: () => () => undefined }

const TOKEN = /^[\w.~+-]{16,200}$/

/** Whether a person's own token is long enough and can be sent in a header and in a URL. */
export function isUsableToken(token: string): boolean {
  return TOKEN.test(token)
}

/** Keeps the hash of the token only. */
export function createCredentials(token: string, made: MadeTokens = noTokens): Credentials {
  const expected = hashOf(token)
  const listeners = new Set<() => void>()
  let revoked = false
  return {
    accessOf: (candidate) => {
      const isOwner = timingSafeEqual(hashOf(candidate ?? ''), expected) && !revoked
      return isOwner ? 'owner' : candidate === null ? null : made.scopeOf(candidate)
    },
    revoke: () => {
      if (revoked) return
      revoked = true
      for (const listener of [...listeners]) listener()
    },
    onDidRevoke: (listener) => {
      listeners.add(listener)
      const stop = made.onDidEnd(listener)
      return () => {
        listeners.delete(listener)
        stop()
      }
    },
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The token of an `Authorization: Bearer` header; null when there is none. */
export function bearerToken(header: string | undefined): string | null {
  return /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null
}

/** Browsers cannot set headers on a WebSocket, so the token may come as the subprotocol `token.<token>`. */
export function subprotocolToken(header: string | undefined): string | null {
  const offered = (header ?? '').split(',').map((name) => name.trim())
  return offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? null
}
