import { AppError } from '../errors'
import type { AnsweredRequestStore, RequestKey } from '../ports/answered-request-store'
import type { Clock } from '../ports/system'

const KEPT_MS = 24 * 60 * 60 * 1000
const LONGEST_ANSWER = 256 * 1024

export interface RequestAnswer {
  readonly status: number
  readonly body: unknown
}

/** Requests with an idempotency key are done once; whoever repeats one within a day gets the answer of the first. */
export interface Repeats {
  /**
   * Does the work, or returns null with the answer that it had. Throws AppError CONFLICT for a key of another request, of one that is under
   * way, and of one that was cut off by the end of the program: nobody knows what came of that.
   */
  once<T extends RequestAnswer>(request: RequestKey & { readonly bodyHash: string }, work: () => Promise<T>): Promise<{ readonly done: T } | { readonly repeated: RequestAnswer }>
}

export function createRepeats({ store, clock, owner }: { readonly store: AnsweredRequestStore; readonly clock: Pick<Clock, 'now'>; /** This life of the program. */ readonly owner: string }): Repeats {
  return {
    once: async (request, work) => {
      const at = clock.now()
      const known = store.claim({ ...request, owner, at, notBefore: at - KEPT_MS })
      switch (known.state) {
        case 'other': throw new AppError('CONFLICT', 'This idempotency key was used for another request within the last day. Take another key; nothing was done.')
        case 'open': throw known.owner === owner ? underWay() : cutOff()
        case 'answered': {
          if (known.body === null) throw new AppError('CONFLICT', 'This request was answered already, and the answer was too long to be kept. Nothing was done again.')
          const body: unknown = JSON.parse(known.body)
          return { repeated: { status: known.status, body } }
        }
        case 'new': return { done: await first(store, request, work) }
      }
    },
  }
}

function underWay(): AppError {
  return new AppError('CONFLICT', 'Operation already in progress: the first request with this key has not been answered yet. Ask again in a moment.', { retryable: true })
}

function cutOff(): AppError {
  return new AppError('CONFLICT', 'Trestle ended while it worked on the first request with this key, so what came of that is not known. Look, then take another key if it is to be done again.')
}

async function first<T extends RequestAnswer>(store: AnsweredRequestStore, request: RequestKey, work: () => Promise<T>): Promise<T> {
  const answer = await work().catch((error: unknown) => {
    store.release(request)
    throw error
  })
  if (mayBeTriedAgain(answer)) store.release(request)
  else {
    const body = JSON.stringify(answer.body ?? null)
    store.answer(request, answer.status, body.length > LONGEST_ANSWER ? null : body)
  }
  return answer
}

/** Nothing was done, and the same request may go well later. */
function mayBeTriedAgain({ status, body }: RequestAnswer): boolean {
  return status >= 500 || status === 429 || (status >= 400 && typeof body === 'object' && body !== null && 'retryable' in body && body.retryable === true)
}
