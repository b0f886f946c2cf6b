/**
 * Work that waits for somebody who does it. Whoever claims a job holds it under a lease; when the lease runs out without a
 * heartbeat, the next one may claim it. So every job is done at least once, and its owner has to make sure that it is done only
 * once: it records what it does where it does it, and looks there first.
 *
 * Not a part of anybody's transaction: record that there is something to do, then enqueue it by its key; after a crash enqueue
 * again whatever is recorded, what is known already stays as it is. A promise resolves once the answer is durable. Calls of one
 * moment are cheap together. Rejects with AppError when the queue cannot be reached or written; nothing of the call was done then.
 */
export interface JobQueue {
  /** One outcome for each, in their order. */
  enqueue(jobs: readonly NewJob[]): Promise<readonly EnqueueOutcome[]>
  /**
   * At most `limit` of those that may start: highest priority first, then longest there. Also those whose owner's lease ran out,
   * but never what `owner` still holds itself, however long it slept.
   */
  claim(request: ClaimRequest): Promise<readonly ClaimedJob[]>
  /** Gives the leases another `leaseMs` from now. Returns the ids of those that are held still; the others were cancelled or taken over: stop. */
  heartbeat(leases: readonly Lease[], leaseMs: number): Promise<ReadonlySet<string>>
  /** Done: the queue forgets it, and its key is free. False when the lease is not held any more; nothing changes then. */
  complete(lease: Lease): Promise<boolean>
  /** This attempt failed. Waits until `runAfter` for the next one; `dead` when that was the last. `lost` as with `complete`. */
  retryLater(lease: Lease, failure: { readonly runAfter: number; readonly error: string }): Promise<'waiting' | 'dead' | 'lost'>
  /** No attempt more will be made until somebody requeues it. */
  deadLetter(lease: Lease, error: string): Promise<boolean>
  /** Gives it back without having tried: no attempt is counted. Not before `runAfter`, when given. */
  giveBack(lease: Lease, runAfter?: number): Promise<boolean>
  /**
   * Everything that an owner holds becomes claimable at once. `stopped`: in good order. `lost`: it is known to be gone, as if the
   * leases had run out. Returns how many.
   */
  release(owner: string, how: 'stopped' | 'lost'): Promise<number>
  /** A dead one gets all its attempts again. False when there is no dead one with that key. */
  requeue(key: string, runAfter?: number): Promise<boolean>
  /** Removes it in whatever state; who is at work on it learns that with the next heartbeat or the end. False when there is none. */
  cancel(key: string): Promise<boolean>
  /** Of one that waits. False when none with that key waits. */
  change(key: string, change: { readonly priority?: number; readonly runAfter?: number }): Promise<boolean>
  find(key: string): Promise<Job | null>
  counts(): Promise<JobCounts>
  /** Newest first. */
  listDead(page: { readonly cursor?: string | undefined; readonly limit: number }): Promise<{ readonly items: readonly Job[]; readonly nextCursor: string | null }>
  /**
   * A hint that something may be claimable now: enqueued, given back, its time came, a lease ran out. It may be early, and what
   * happens in other processes it may not know: look now and then anyway. The result ends it.
   */
  onReady(listener: () => void): () => void
}

export interface NewJob {
  /** One job with a key at a time, in whatever state; up to 200 characters. */
  readonly key: string
  /** What sort of work: a claim takes one sort. */
  readonly kind: string
  /** What the worker needs to find its work; small, it is no place for content. */
  readonly payload: string
  /** Higher ones first. 0 by default. */
  readonly priority?: number
  /** Milliseconds since the epoch. At once by default. */
  readonly runAfter?: number
  /** 1 by default. */
  readonly maxAttempts?: number
  /** What it shares a cap with, see `ClaimRequest.fullGroups`. */
  readonly group?: string | null
}

/** `known`: one with that key is there already; it stays as it is. `full`: the queue holds as many as it may; try later. */
export type EnqueueOutcome = 'accepted' | 'known' | 'full'

export interface ClaimRequest {
  readonly kind: string
  /** Who claims: unique per process that ever ran. */
  readonly owner: string
  readonly leaseMs: number
  readonly limit: number
  /** Groups that have as much at work as they may: nothing of them. */
  readonly fullGroups?: readonly string[]
}

export interface Lease {
  readonly id: string
  /** Which claim of the job this is; a later one makes it void. */
  readonly claim: number
}

export type JobState = 'ready' | 'delayed' | 'leased' | 'dead'

export interface Job {
  readonly id: string
  readonly key: string
  readonly kind: string
  readonly payload: string
  readonly state: JobState
  readonly priority: number
  readonly group: string | null
  readonly runAfter: number
  /** Attempts that failed. */
  readonly attempts: number
  readonly maxAttempts: number
  /** How often its owner vanished in the middle of it. Too often makes it dead: it may be what ends its owners. */
  readonly lost: number
  /** Of the newest failure. */
  readonly error: string | null
  readonly enqueuedAt: number
  /** Null where nobody holds it. */
  readonly owner: string | null
  readonly leaseUntil: number | null
}

export interface ClaimedJob extends Job {
  readonly lease: Lease
}

export interface JobCounts {
  /** May start now. */
  readonly ready: number
  /** Their time is to come. */
  readonly delayed: number
  readonly leased: number
  readonly dead: number
}
