import { expect, test } from 'vitest'
import { aSession } from '../../lib/testing/samples'
import { sessionListRows } from './group-sessions'

const sessions = [
  aSession('idle'),
  aSession('works', 0, { status: 'running' }),
  aSession('asks', 0, { status: 'waiting', openRequests: 1 }),
  aSession('cut', 0, { status: 'interrupted' }),
  aSession('works and asks', 0, { status: 'running', openRequests: 1 }),
]
const brief = (search: string) =>
  sessionListRows(sessions, search).map((row) => (row.kind === 'group' ? `${row.group} (${row.count})` : row.session.id))

test('sessions are grouped by what they need, in the order given', () => {
  expect(brief('')).toEqual(['Needs attention (3)', 'asks', 'cut', 'works and asks', 'Running (1)', 'works', 'Idle (1)', 'idle'])
})

test('a search looks at titles, whatever the case, and leaves empty groups out', () => {
  expect(brief(' WORKS ')).toEqual(['Needs attention (1)', 'works and asks', 'Running (1)', 'works'])
  expect(brief('nothing')).toEqual([])
})
