import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface Credentials {
  /** Takes the same time whatever is wrong with the token. */
  verify(token: string | null): boolean
  /** From now on no token is right. */
  revoke(): void
  /** Called when the token is revoked; the result unsubscribes. */
  onDidRevoke(listener: () => void): () => void
}

const TOKEN = /^[\w.~+-]{16,200}$/

/** 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Whether a person's own token is long enough and can be sent in a header and in a URL. */
export function isUsableToken(token: string): boolean {
  return TOKEN.test(token)
}

/** Keeps the hash of the token only. */
export function createCredentials(token: string): Credentials {
  const expected = hashOf(token)
  const listeners = new Set<() => void>()
  let revoked = false
  return {
    verify: (candidate) => timingSafeEqual(hashOf(candidate ?? ''), expected) && !revoked,
    revoke: () => {
      if (revoked) return
      revoked = true
      for (const listener of listeners) listener()
    },
    onDidRevoke: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
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
