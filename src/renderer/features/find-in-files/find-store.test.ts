import { expect, test } from 'vitest'
import type { SearchMatch, SearchMessage } from '#contract/find-in-files'
import type { Client } from '../../lib/client'
import { createFindStore, rowsOf, wantedFiles, withFound } from './find-store'

const match = (line: number, column = 0): SearchMatch => ({ line, column, character: column, text: 'x', start: 0, end: 1 })

test('parts of a file are put together and files stay in order', () => {
  const files = withFound([{ path: 'b', matches: [match(1)] }], [{ path: 'a', matches: [match(3)] }, { path: 'b', matches: [match(2)] }])
  expect(files).toEqual([{ path: 'a', matches: [match(3)] }, { path: 'b', matches: [match(1), match(2)] }])
  expect(rowsOf({ files, closed: new Set(['a']) }).map(({ kind, file }) => `${kind} ${file.path}`)).toEqual(['file a', 'file b', 'match b', 'match b'])
})

test('what is left out is not replaced, and a file without anything is left out whole', () => {
  const files = [{ path: 'a', matches: [match(1), match(1, 5)] }, { path: 'b', matches: [match(2)] }]
  expect(wantedFiles({ files, excluded: new Set(['a 1:5', 'b 2:0']) })).toEqual([{ path: 'a', matches: ['1:0'] }])
})

test('a new search ends the one before, whose results do not come any more', async () => {
  const gates: { release: () => void; aborted: () => boolean }[] = []
  const run = ({ query }: { query: { pattern: string } }, { signal }: { signal: AbortSignal }) => {
    const gate = new Promise<void>((resolve) => gates.push({ release: resolve, aborted: () => signal.aborted }))
    async function* messages(): AsyncGenerator<SearchMessage> {
      await gate
      yield { kind: 'found', files: [{ path: query.pattern, matches: [match(1)] }] }
      yield { kind: 'done', matches: 1, files: 1, truncated: false }
    }
    return Promise.resolve(messages())
  }
  const store = createFindStore({ findInFiles: { run } } as unknown as Pick<Client, 'findInFiles'>)
  store.change({ pattern: 'first' })
  const first = store.run('w')
  store.change({ pattern: 'second' })
  const second = store.run('w')
  for (const gate of gates) gate.release()
  await Promise.all([first, second])
  expect([gates.map((gate) => gate.aborted()), store.state.get().files.map(({ path }) => path), store.state.get().status]).toEqual([[true, false], ['second'], 'done'])
})
