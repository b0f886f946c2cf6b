import { AppError } from '#core/errors'
import type { Snapshots } from '#core/ports/snapshots'

/** Of a folder that is not there: nothing can be taken of it, and nothing is kept. */
export function noSnapshots(): Snapshots {
  const unavailable = () => Promise.reject(new AppError('WORKSPACE_UNAVAILABLE', 'no folder here'))
  return {
    emptyTreeId: 'empty', take: unavailable, protect: () => Promise.resolve(), diff: unavailable, stateAt: unavailable, read: unavailable, store: unavailable,
    apply: unavailable, materialise: unavailable, discard: () => Promise.resolve(), forget: () => Promise.resolve(), findDamaged: () => Promise.resolve([]),
    usage: () => Promise.resolve({ bytes: 0, slackBytes: 0, objects: 0, prunableBytes: 0, workspaces: [], ages: { day: 0, week: 0, month: 0, older: 0 } }),
    prune: () => Promise.resolve({ freedBytes: 0 }), compact: () => Promise.resolve({ freedBytes: 0 }), verify: () => Promise.resolve([]), close: () => Promise.resolve(),
  }
}
