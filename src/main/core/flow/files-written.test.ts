import { expect, test } from 'vitest'
import type { Entry } from '#contract/entries'
import type { LabelledFileStore } from '../ports/flow-store'
import { labelledAfterCrash, type Writer } from './files-written'

const entry: Entry = {
  id: 'e', sessionId: 's', parentId: null, runId: null, stepId: null, at: 1,
  payload: { kind: 'tool_result', callId: 'c', toolName: 'page', outcome: 'success', content: 'x', durationMs: 1, labels: [{ label: 'untrusted', why: 'a page' }] },
}
const none: LabelledFileStore = { isEmpty: () => true, find: () => [], list: () => [], count: () => 0, put: () => undefined, remove: () => 0 }
const writer = (path: readonly Entry[]): Writer => ({ store: none, workspaceId: 'w', sessionId: 's', at: 5, path, labels: [] })
const file = { workspaceId: 'w', sessionId: 's', at: 5, labels: [{ label: 'untrusted', why: 'a page' }] }

test('after a crash a file is labelled by what the intent says, a command labels the folder, and who has read nothing labels nothing', () => {
  const change = { path: 'a.txt', beforeHash: null, afterHash: 'hash' }
  expect(labelledAfterCrash(writer([entry]), 'edit', change)).toEqual([{ ...file, path: 'a.txt', hash: 'hash' }])
  expect(labelledAfterCrash(writer([entry]), 'edit', { from: 'a', to: 'b', hash: 'h' })).toEqual([])
  expect(labelledAfterCrash(writer([entry]), 'execute', null)).toEqual([{ ...file, path: '', hash: '' }])
  expect([labelledAfterCrash(writer([]), 'edit', change), labelledAfterCrash(writer([]), 'execute', null), labelledAfterCrash(writer([entry]), 'network', null)]).toEqual([[], [], []])
})
