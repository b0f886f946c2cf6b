import { expect, it } from 'vitest'
import type { KnownEntity, KnownRelation } from '#contract/knowledge'
import { spread } from './spread'

const entity = (id: string): KnownEntity => ({ id, name: id, type: '', aliases: [], facts: [], items: 1, trust: 'person' })
const relation = (from: string, to: string): KnownRelation => ({ id: `${from} ${to}`, from, to, type: 'knows', properties: {}, itemIds: [], trust: 'person', sensitivity: 'normal', expiresAt: null, at: 1 })

it('puts what is related nearer than what is not, inside its frame, the same each time', () => {
  const [entities, relations] = [['a', 'b', 'c', 'd', 'e', 'f'].map(entity), [relation('a', 'f'), relation('b', 'e'), relation('a', 'gone')]]
  const { nodes, edges, width, height } = spread(entities, relations)
  const at = new Map(nodes.map((node) => [node.id, node]))
  const distance = (left: string, right: string) => Math.hypot((at.get(left)?.x ?? 0) - (at.get(right)?.x ?? 0), (at.get(left)?.y ?? 0) - (at.get(right)?.y ?? 0))
  expect(distance('a', 'f')).toBeLessThan(distance('a', 'c'))
  expect(edges).toHaveLength(2)
  for (const { x, y } of nodes) expect([x > 0, y > 0, x < width, y < height]).toEqual([true, true, true, true])
  expect(spread(entities, relations)).toEqual({ nodes, edges, width, height })
  expect(spread([], []).nodes).toEqual([])
})
