import { expect, test } from 'vitest'
import type { StorageJob } from '#contract/storage'
import { jobProgress, jobResult, shareOf } from './storage-words'

const job: StorageJob = {
  id: 'j', kind: 'verify', state: 'completed', done: 1200, total: 1200, startedAt: 0, endedAt: null, freedBytes: 2048, prunedCheckpoints: 3, damaged: [], error: null,
}

test('the end of a job says what it gave or found', () => {
  expect([
    jobResult({ ...job, kind: 'prune' }),
    jobResult({ ...job, kind: 'compact' }),
    jobResult(job),
    jobResult({ ...job, damaged: [{ hash: 'h', path: 'a', checkpointIds: [] }] }),
    jobResult({ ...job, state: 'failed', error: { code: 'INTERNAL_ERROR', message: 'The disk is full.', retryable: false } }),
  ]).toEqual([
    'Pruned 3 checkpoints, 2.0 KB freed',
    'Compacted: 2.0 KB given back to the disk',
    'Verified: 1,200 contents (files and lists of folders), all whole',
    'Verified: 1,200 contents (files and lists of folders), 1 of them damaged; everything else can be restored',
    'Verifying failed: The disk is full.',
  ])
})

test('progress is told with its end, once that is known', () => {
  expect([jobProgress({ ...job, done: 5 }), jobProgress({ ...job, done: 5, total: null })]).toEqual(['Verifying: 5 of 1,200', 'Verifying: 5 so far'])
})

test('a bar shows what is there and is never over full', () => {
  expect([shareOf(0, 100), shareOf(1, 100_000), shareOf(50, 100), shareOf(300, 100), shareOf(1, 0)]).toEqual([0, 1, 50, 100, 0])
})
