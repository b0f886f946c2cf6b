import type { KnownEntity, KnownRelation } from '#contract/knowledge'

export interface PlacedEntity {
  readonly id: string
  readonly entity: KnownEntity
  readonly x: number
  readonly y: number
  readonly radius: number
}

export interface Spread {
  readonly nodes: readonly PlacedEntity[]
  readonly edges: readonly { readonly relation: KnownRelation; readonly from: PlacedEntity; readonly to: PlacedEntity }[]
  readonly width: number
  readonly height: number
}

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))
/** Wished for between two that are related. */
const GAP = 90
/** What is farther away does not push. */
const REACH = 2.5 * GAP
const ROUNDS = 160
const MARGIN = 60
/** Wide as windows are. */
const STRETCH = 1.5

interface Point {
  x: number
  y: number
}

/**
 * What is related comes near each other, all else apart: springs and charges, from the same start each time, so that the same
 * things always stand at the same places.
 */
export function spread(entities: readonly KnownEntity[], relations: readonly KnownRelation[]): Spread {
  const points = new Map(entities.map(({ id }, index): [string, Point] => {
    const distance = GAP * 0.7 * Math.sqrt(index)
    return [id, { x: distance * Math.cos(index * GOLDEN_ANGLE), y: distance * Math.sin(index * GOLDEN_ANGLE) }]
  }))
  const springs = relations.flatMap(({ from, to }) => {
    const [left, right] = [points.get(from), points.get(to)]
    return left && right && left !== right ? [[left, right] as const] : []
  })
  const all = [...points.values()]
  for (let round = 0; round < ROUNDS; round += 1) settle(all, springs, GAP * 0.5 * (1 - round / ROUNDS))
  return fitted(entities, relations, points)
}

function settle(all: readonly Point[], springs: readonly (readonly [Point, Point])[], most: number): void {
  const moves = all.map(() => ({ x: 0, y: 0 }))
  const places = new Map(all.map((point, index) => [point, index]))
  const push = (point: Point, x: number, y: number) => {
    const move = moves[places.get(point) ?? -1]
    if (move) [move.x, move.y] = [move.x + x, move.y + y]
  }
  for (const [index, left] of all.entries()) {
    push(left, -left.x * 0.08, -left.y * 0.08 * STRETCH)
    for (const right of all.slice(index + 1)) {
      const [dx, dy] = [left.x - right.x, left.y - right.y]
      const square = Math.max(dx * dx + dy * dy, 1)
      if (square > REACH * REACH) continue
      const force = (GAP * GAP) / square
      push(left, dx * force, dy * force)
      push(right, -dx * force, -dy * force)
    }
  }
  for (const [left, right] of springs) {
    const [dx, dy] = [left.x - right.x, left.y - right.y]
    const force = Math.hypot(dx, dy) / GAP / 2
    push(left, -dx * force, -dy * force)
    push(right, dx * force, dy * force)
  }
  for (const [index, point] of all.entries()) {
    const move = moves[index] ?? { x: 0, y: 0 }
    const length = Math.max(Math.hypot(move.x, move.y), 0.01)
    point.x += (move.x / length) * Math.min(length, most)
    point.y += (move.y / length) * Math.min(length, most)
  }
}

function fitted(entities: readonly KnownEntity[], relations: readonly KnownRelation[], points: ReadonlyMap<string, Point>): Spread {
  const all = [...points.values()]
  const [left, top] = [Math.min(0, ...all.map(({ x }) => x)), Math.min(0, ...all.map(({ y }) => y))]
  const [right, bottom] = [Math.max(0, ...all.map(({ x }) => x)), Math.max(0, ...all.map(({ y }) => y))]
  const nodes = new Map(entities.map((entity): [string, PlacedEntity] => {
    const point = points.get(entity.id) ?? { x: 0, y: 0 }
    return [entity.id, { id: entity.id, entity, x: point.x - left + MARGIN, y: point.y - top + MARGIN, radius: Math.min(16, 6 + 2 * Math.sqrt(entity.items)) }]
  }))
  const edges = relations.flatMap((relation) => {
    const [from, to] = [nodes.get(relation.from), nodes.get(relation.to)]
    return from && to ? [{ relation, from, to }] : []
  })
  return { nodes: [...nodes.values()], edges, width: right - left + 2 * MARGIN, height: bottom - top + 2 * MARGIN }
}
