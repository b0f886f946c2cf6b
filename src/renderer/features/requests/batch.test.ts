import { expect, it } from 'vitest'
import { canBatch, sharedDecisions } from './batch'

it('offers for several what all of them take', () => {
  expect(sharedDecisions([{ decisions: ['once', 'session', 'always', 'reject'] }, { decisions: ['once', 'reject'] }])).toEqual(['once', 'reject'])
  expect(sharedDecisions([])).toEqual([])
})

it('answers only approvals together', () => {
  expect([canBatch({ kind: 'approval' }), canBatch({ kind: 'question' }), canBatch({ kind: 'plan', planId: 'p' }), canBatch({ kind: 'unknown_outcome' })]).toEqual([true, false, false, false])
})
