import { createHash, randomBytes, randomFillSync } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import type { Clock, NewId, Random, Sha256 } from '#core/ports/system'

/** Node turns longer delays into 1 ms; also short enough that a sleeping machine cannot hold a timer back for days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep,
  turn: () => new Promise((resolve) => setImmediate(resolve)),
  after,
}

export const sha256: Sha256 = (text) => createHash('sha256').update(text).digest('hex')

/** 256 random bits that nobody guesses, fit for a header. */
export const newToken = (): string => randomBytes(32).toString('base64url')

export const systemRandom: Random = () => Math.random()

function after(ms: number, callback: () => void): () => void {
  const due = performance.now() + Math.max(0, ms)
  let timer: NodeJS.Timeout
  const arm = () => {
    const left = Math.max(0, due - performance.now())
    timer = setTimeout(left > LONGEST_TIMER_MS ? arm : callback, Math.min(left, LONGEST_TIMER_MS))
  }
  arm()
  return () => clearTimeout(timer)
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = after(ms, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** Per id. */
const RANDOM_BYTES = 10

/**
 * UUIDs of version 7 (RFC 9562) that sort in the order in which they were made: 48 bits of milliseconds, then a
 * counter of 32 bits (starts at random each millisecond), then 42 random bits. A clock that goes back does not
 * bring older ids: the last millisecond goes on.
 */
export function createNewId(now: () => number = Date.now): NewId {
  let lastMs = 0
  let counter = 0
  // Drawn for many ids at a time: asking the system costs more than all the rest.
  const pool = Buffer.alloc(RANDOM_BYTES * 100)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const random = pool.subarray(used, used += RANDOM_BYTES)
    const ms = now()
    if (ms > lastMs) {
      lastMs = ms
      counter = random.readUInt32BE(0) >>> 1
    } else if (++counter > 0xffff_ffff) {
      lastMs += 1
      counter = 0
    }
    const bytes = Buffer.alloc(16)
    bytes.writeUIntBE(lastMs, 0, 6)
    bytes.writeUInt16BE(0x7000 | (counter >>> 20), 6)
    bytes.writeUInt16BE(0x8000 | ((counter >>> 6) & 0x3fff), 8)
    random.copy(bytes, 10, 4)
    bytes[10] = ((counter & 0x3f) << 2) | ((random[4] ?? 0) & 0x03)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

export const newId: NewId = createNewId()
