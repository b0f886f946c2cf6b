import { createHash, timingSafeEqual } from 'node:crypto'
import type { AccessScope } from '#contract/access'

/** `owner`: the token of the start, which is the person's. */
export type Access = 'owner' | AccessScope

export interface Visitor {
  readonly access: Access
  /** Of one that a person made. */
  readonly token?: { readonly id: string; readonly name: string }
}

export interface Credentials {
  /** Who comes with this token, and what it opens; null: nobody. Takes the same time whatever is wrong with it. */
  visitorOf(token: string | null): Visitor | null
  /** What the token opens; null: nothing. */
  accessOf(token: string | null): Access | null
  /** From now on the token of the start opens nothing. */
  revoke(): void
  /** Called when a token has ended, by a person or at its time; the result unsubscribes. */
  onDidRevoke(listener: () => void): () => void
}

/** The tokens that a person made. */
export interface MadeTokens {
  find(token: string): { readonly id: string; readonly name: string; readonly scope: AccessScope } | null
  onDidEnd(listener: () => void): () => void
}

const noTokens: MadeTokens = { find: () => null, onDidEnd: () => () => undefined }

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
  const visitorOf = (candidate: string | null): Visitor | null => {
    const isOwner = timingSafeEqual(hashOf(candidate ?? ''), expected) && !revoked
    if (isOwner) return { access: 'owner' }
    const found = candidate === null ? null : made.find(candidate)
    return found && { access: found.scope, token: { id: found.id, name: found.name } }
  }
  return {
    visitorOf,
    accessOf: (candidate) => visitorOf(candidate)?.access ?? null,
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
