import { expect, test } from 'vitest'
import { emptyForm, readDraft, readForm, writeDraft } from './task-form'

test('an instruction is enough; its first line is the title', () => {
  const { spec } = readForm({ ...emptyForm, instruction: 'Paint the boat\nall over' })
  expect(spec).toMatchObject({
    title: 'Paint the boat', instruction: 'Paint the boat\nall over', when: { kind: 'adhoc', notBefore: null }, workspaceId: null, model: null, tags: [], checklist: [],
    budget: { maxCostUsd: null, maxTokens: null, maxMinutes: null }, attempts: { max: 1, backoffSeconds: 30, factor: 2 }, deadline: null,
  })
})

test('everything that is typed gets into the task', () => {
  const { spec } = readForm({
    ...emptyForm, title: ' Boat ', instruction: 'Paint', context: 'Blue.', workspaceId: 'w1', model: 'openai/gpt-5', mode: 'auto-edit', priority: 'high', tags: 'harbour, paint,, harbour',
    dependsOn: ['t1'], checklist: 'is blue\n\n is dry ', review: true, notBefore: '2027-01-02T03:04', deadline: '2027-02-03T04:05', maxCostUsd: '0,5', maxTokens: '1000', maxMinutes: '10',
    attempts: '3', backoffSeconds: '5',
  })
  expect(spec).toMatchObject({
    title: 'Boat', context: 'Blue.', workspaceId: 'w1', model: 'openai/gpt-5', mode: 'auto-edit', priority: 'high', tags: ['harbour', 'paint'], dependsOn: ['t1'],
    checklist: [{ text: 'is blue', done: false }, { text: 'is dry', done: false }], review: true,
    when: { kind: 'adhoc', notBefore: new Date('2027-01-02T03:04').getTime() }, deadline: new Date('2027-02-03T04:05').getTime(),
    budget: { maxCostUsd: 0.5, maxTokens: 1000, maxMinutes: 10 }, attempts: { max: 3, backoffSeconds: 5, factor: 2 },
  })
})

test('each mistake is told at its field', () => {
  const { errors } = readForm({ ...emptyForm, title: 'x'.repeat(201), model: 'no slash', tags: 'y'.repeat(41), maxCostUsd: 'a lot', maxTokens: '1.5', attempts: '0' })
  expect(Object.keys(errors ?? {}).sort()).toEqual(['attempts', 'instruction', 'maxCostUsd', 'maxTokens', 'model', 'tags', 'title'])
  expect(errors?.instruction).toBe('Say what is to be done.')
})

test('a draft is there again, and a damaged one is none', () => {
  const kept = new Map<string, string>()
  const memory = { read: (key: string) => kept.get(key) ?? null, write: (key: string, value: string | null) => void (value === null ? kept.delete(key) : kept.set(key, value)) }
  writeDraft(memory, { ...emptyForm, title: 'Boat' })
  expect(readDraft(memory)?.title).toBe('Boat')
  kept.set('task.draft', '{"mode": 7}')
  expect(readDraft(memory)).toBeNull()
  writeDraft(memory, null)
  expect(readDraft(memory)).toBeNull()
})
