import { expect, it } from 'vitest'
import type { AgentNode } from '#contract/agents'
import { agentRows, treeKey } from './tree-order'

const aNode = (id: string, parentId: string | null): AgentNode => ({
  id, parentId, level: parentId === null ? 'parent' : 'child', runId: id, sessionId: id, taskId: null, callId: null, template: 'general', title: id, state: 'running', step: null,
  steps: 0, openRequests: 0, usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }, costUsd: null, handedOver: false, reason: null,
  startedAt: 0, endedAt: null,
})
const nodes = [aNode('top', null), aNode('a', 'top'), aNode('a1', 'a'), aNode('b', 'top')]
const ids = (closed: readonly string[]) => agentRows(nodes, new Set(closed)).map(({ node, level, place, siblings }) => `${node.id} ${level} ${place}/${siblings}`)

it('puts agents behind the one that started them, and leaves out what is folded', () => {
  expect(ids([])).toEqual(['top 1 1/1', 'a 2 1/2', 'a1 3 1/1', 'b 2 2/2'])
  expect(ids(['a'])).toEqual(['top 1 1/1', 'a 2 1/2', 'b 2 2/2'])
})

it('is walked, folded and unfolded with the keys of a tree', () => {
  const rows = agentRows(nodes, new Set())
  const folded = agentRows(nodes, new Set(['a']))
  expect(treeKey(rows, 'a', 'ArrowDown')).toEqual({ kind: 'go', id: 'a1' })
  expect(treeKey(rows, 'top', 'ArrowUp')).toBeNull()
  expect(treeKey(rows, 'a1', 'End')).toEqual({ kind: 'go', id: 'b' })
  expect(treeKey(rows, 'a', 'ArrowLeft')).toEqual({ kind: 'fold', id: 'a', open: false })
  expect(treeKey(rows, 'a1', 'ArrowLeft')).toEqual({ kind: 'go', id: 'a' })
  expect(treeKey(folded, 'a', 'ArrowRight')).toEqual({ kind: 'fold', id: 'a', open: true })
  expect(treeKey(rows, 'b', 'ArrowRight')).toBeNull()
  expect(treeKey(rows, 'gone', 'ArrowDown')).toBeNull()
})
