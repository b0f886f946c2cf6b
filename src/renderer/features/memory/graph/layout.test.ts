import { expect, it } from 'vitest'
import type { MemoryItem } from '#contract/memory'
import { layOut, MAX_GRAPH_ITEMS } from './layout'

const item = (id: string, ...tags: string[]): MemoryItem => ({
  id, kind: 'fragment', title: '', text: `Text ${id}`, solution: null, statements: [], tags, scope: 'user', workspaceId: null, sessionId: null, importance: 0.5, sensitivity: 'normal', trust: 'person',
  expiresAt: null, pinned: false, archived: false, forgottenAt: null, source: { by: 'person', sessionId: null, runId: null, entryId: null, path: null }, lastUsedAt: null, useCount: 0, createdAt: 1, updatedAt: 1, revision: 1,
})

it('puts an item beside its first frequent tag and draws a line to each of its tags', () => {
  const { nodes, edges } = layOut([item('a', 'build', 'ci'), item('b', 'build'), item('c')])
  expect(nodes.filter(({ kind }) => kind === 'group').map(({ label }) => label)).toEqual(['#build', '#ci', 'everywhere'])
  expect(edges.map(({ from, to }) => [from.id, to.label])).toEqual([['a', '#build'], ['a', '#ci'], ['b', '#build'], ['c', 'everywhere']])
})

it('keeps everything inside its square, and no two items on one place', () => {
  const { nodes, size } = layOut(Array.from({ length: 400 }, (_none, index) => item(`i${index}`, `t${index % 30}`)))
  expect(nodes.filter(({ kind }) => kind === 'item')).toHaveLength(MAX_GRAPH_ITEMS)
  for (const { x, y } of nodes) {
    expect(Math.min(x, y)).toBeGreaterThan(0)
    expect(Math.max(x, y)).toBeLessThan(size)
  }
  expect(new Set(nodes.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`)).size).toBe(nodes.length)
})

it('is the same for the same items, and empty for none', () => {
  const items = [item('a', 'x'), item('b', 'y')]
  expect(layOut(items)).toEqual(layOut(items))
  expect(layOut([]).nodes).toEqual([])
})
