import { expect, test } from 'vitest'
import { aCheckpoint } from '../../lib/testing/checkpoint-samples'
import { authorsText, changesText, notCoveredText, shownPath } from './words'

const author = { sessionId: null, runId: null, stepId: null, certain: true }

test('what changed is told in files and lines, or why it is not told', () => {
  expect([
    changesText(aCheckpoint('a', { parentId: 'p', changes: { files: 2, added: 1200, removed: 1 } })),
    changesText(aCheckpoint('a', { parentId: 'p', changes: { files: 0, added: 0, removed: 0 } })),
    changesText(aCheckpoint('a', { parentId: 'p' })),
    changesText(aCheckpoint('a', { parentId: 'p', kind: 'before_turn' })),
    changesText(aCheckpoint('a')),
    changesText(aCheckpoint('a', { files: 'none' })),
  ]).toEqual(['2 files +1,200 −1', 'no file changed', 'counting…', null, 'first one', 'no files'])
})

test('what is not covered is counted, and full cover says nothing', () => {
  expect([
    notCoveredText({ counts: {}, commands: 0 }),
    notCoveredText({ counts: { ignored: 2, too_large: 1 }, commands: 0 }),
    notCoveredText({ counts: { ignored: 1 }, commands: 2 }),
  ]).toEqual([null, 'Does not cover 3 paths', 'Does not cover 1 path and what 2 commands did outside the folder'])
})

test('authors come in order, and a guess is called one', () => {
  expect([
    authorsText([]),
    authorsText([{ ...author, kind: 'agent', label: 'edit_file' }, { ...author, kind: 'command', label: 'npm test', certain: false }]),
    authorsText([{ ...author, kind: 'person', label: 'x' }]),
  ]).toEqual(['Author not known', 'Agent (edit_file), then perhaps Command (npm test)', 'You or another program'])
})

test('bytes of a name that are no text are shown as replacement characters', () => {
  expect(shownPath('caf\udce9.txt')).toBe('caf\ufffd.txt')
})
