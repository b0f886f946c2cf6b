import { expect, test } from 'vitest'
import { aSession } from '../../lib/testing/samples'
import { sessionListRows } from './group-sessions'

const sessions = [
  aSession('idle'),
  aSession('works', 0, { status: 'running' }),
  aSession('asks', 0, { status: 'waiting', openRequests: 1 }),
  aSession('pinned', 0, { pinned: true }),
  aSession('cut', 0, { status: 'interrupted' }),
  aSession('pinned and works', 0, { status: 'running', pinned: true }),
  aSession('pinned and asks', 0, { status: 'running', openRequests: 1, pinned: true }),
]
const brief = () => sessionListRows(sessions).map((row) => (row.kind === 'group' ? `${row.group} (${row.count})` : row.session.id))

test('sessions are grouped by what they need, in the order given', () => {
  expect(brief()).toEqual([
    'Needs attention (3)', 'asks', 'cut', 'pinned and asks', 'Pinned (2)', 'pinned', 'pinned and works', 'Running (1)', 'works', 'Idle (1)', 'idle',
  ])
})

test('groups without sessions are left out', () => {
  expect(sessionListRows([])).toEqual([])
})
