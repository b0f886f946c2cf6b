import { expect, it } from 'vitest'
import type { IntervalAuthor } from '#core/ports/checkpoint-store'
import { openConnection } from '../connection'
import { migrate } from '../migrate'
import { migrations } from '../migrations'
import { createIntervalStore } from './intervals'

const author = (runId: string): IntervalAuthor => ({ kind: 'agent', sessionId: `session of ${runId}`, runId, stepId: null, label: 'Write', paths: [`${runId}.txt`] })

it('finds the intervals of each of two runs that worked at the same time, and none of others', () => {
  const db = openConnection(':memory:')
  migrate(db, migrations, { at: 0, appVersion: '1' })
  const store = createIntervalStore(db)
  const append = (at: number, workspaceId: string, ...runs: readonly string[]) =>
    store.append({ workspaceId, fromTree: 'a', toTree: `b${at}`, at, authors: runs.map(author), paths: null })
  append(1, 'w', 'one')
  const both = append(2, 'w', 'one', 'two')
  append(3, 'other folder', 'two')
  const last = append(4, 'w', 'two')
  append(5, 'w', 'two-and-more')
  expect(store.listByRun('w', 'two', 2)).toEqual([both, last])
  expect(store.listByRun('w', 'one', 2)).toEqual([both])
  db.close()
})
