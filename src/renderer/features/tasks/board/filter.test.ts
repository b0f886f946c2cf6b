import { expect, test } from 'vitest'
import { aTask } from '../../../lib/testing/samples'
import { type BoardFilter, emptyFilter, facetsOf, filterCount, filterTasks, lanesOf } from './filter'

const tasks = [
  aTask('a', { title: 'Paint the boat', tags: ['harbour'], priority: 'high' }),
  aTask('b', { title: 'Count ships', workspaceId: null, template: 'reviewer', parentId: 'a' }),
  aTask('c', { title: 'Report', scheduleId: 's1', tags: ['harbour', 'report'], workspaceId: 'w2' }),
  aTask('s1', { title: 'Weekly', when: { kind: 'scheduled', cron: '@weekly', timeZone: 'UTC', misfire: { policy: 'skip' }, overlap: 'skip', jitterSeconds: 0, startAt: null, endAt: null } }),
]
const shown = (filter: Partial<BoardFilter>, found: readonly string[] = []) =>
  filterTasks(tasks, { ...emptyFilter, ...filter }, new Set(found)).map(({ id }) => id)

test.each<[string, Partial<BoardFilter>, readonly string[]]>([
  ['nothing asked', {}, ['a', 'b', 'c', 's1']],
  ['a folder', { workspace: 'w2' }, ['c']],
  ['no folder', { workspace: 'none' }, ['b']],
  ['an agent', { template: 'reviewer' }, ['b']],
  ['a priority', { priority: 'high' }, ['a']],
  ['a kind', { kind: 'scheduled' }, ['s1']],
  ['who made it', { source: 'person' }, ['a', 'b', 'c', 's1']],
  ['nothing of scripts', { source: 'script' }, []],
  ['a tag', { tag: 'harbour' }, ['a', 'c']],
  ['a schedule', { schedule: 's1' }, ['c']],
  ['what I asked for', { mine: true }, ['a', 's1']],
  ['words of title and tags, in any order', { text: 'BOAT paint' }, ['a']],
  ['several at once', { tag: 'harbour', mine: true }, ['a']],
])('%s', (_name, filter, ids) => {
  expect(shown(filter)).toEqual(ids)
})

test('what the server found in longer texts is shown as well, if the rest of the filter has it', () => {
  expect(shown({ text: 'tar' }, ['b', 'c'])).toEqual(['b', 'c'])
  expect(shown({ text: 'tar', workspace: 'w2' }, ['b', 'c'])).toEqual(['c'])
})

test('it is counted what narrows the board besides words and the fold', () => {
  expect(filterCount({ ...emptyFilter, text: 'x', mine: true, tag: 'y', priority: 'low' })).toBe(2)
})

test('the choices are what the tasks have', () => {
  expect(facetsOf(tasks)).toEqual({ workspaces: ['w1', null, 'w2'], templates: ['general', 'reviewer'], tags: ['harbour', 'report'] })
})

test('lanes are by folder or agent, the fullest first, and bounded', () => {
  const keys = (lanes: ReturnType<typeof lanesOf>) => lanes.map(({ key, tasks: held }) => [key, held.length])
  expect(keys(lanesOf(tasks, 'none'))).toEqual([['', 4]])
  expect(keys(lanesOf(tasks, 'workspace'))).toEqual([['w1', 2], ['none', 1], ['w2', 1]])
  expect(keys(lanesOf(tasks, 'template'))).toEqual([['general', 3], ['reviewer', 1]])
  const many = Array.from({ length: 60 }, (_task, index) => aTask(`t${index}`, { workspaceId: `w${index}` }))
  expect(lanesOf(many, 'workspace')).toHaveLength(51)
})
