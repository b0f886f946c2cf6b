import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createToolCallCollector } from './tool-call-collector'
import type { WireToolCall } from './wire'

function collect(deltas: readonly WireToolCall[]) {
  const collector = createToolCallCollector()
  const begun = deltas.map((delta) => collector.add(delta)).filter((name) => name !== null)
  return { begun, calls: collector.collected().map(({ id, name, json }) => ({ id, name, json })) }
}

const ab = { begun: ['read', 'glob'], calls: [{ id: 'a', name: 'read', json: '{"p":"x"}' }, { id: 'b', name: 'glob', json: '{"q":1}' }] }

it('puts interleaved deltas together by index', () => {
  expect(collect([
    { index: 0, id: 'a', function: { name: 'read', arguments: '' } },
    { index: 1, id: 'b', function: { name: 'glob', arguments: '{"q"' } },
    { index: 0, function: { arguments: '{"p":' } },
    { index: 1, function: { arguments: ':1}' } },
    { index: 0, function: { arguments: '"x"}' } },
  ])).toEqual(ab)
})

it('goes by id, or by order, where there is no index', () => {
  expect(collect([
    { id: 'a', function: { name: 'read', arguments: '{"p":' } },
    { function: { arguments: '"x"}' } },
    { id: 'b', function: { name: 'glob' } },
    { id: 'b', function: { arguments: '{"q":1}' } },
  ])).toEqual(ab)
})

it('tells calls apart that all have index 0', () => {
  expect(collect([
    { index: 0, id: 'a', function: { name: 'read', arguments: '{"p":"x"}' } },
    { index: 0, id: 'b', function: { name: 'glob', arguments: '{"q":1}' } },
  ])).toEqual(ab)
})

it('tells calls of one tool apart that have index 0 and no id, and joins deltas that repeat the name', () => {
  const part = (json: string) => ({ index: 0, function: { name: 'read', arguments: json } })
  expect(collect([part('{"p":'), part('1}'), part('{"p":2}')])).toEqual({
    begun: ['read', 'read'],
    calls: [{ id: null, name: 'read', json: '{"p":1}' }, { id: null, name: 'read', json: '{"p":2}' }],
  })
})

it('takes arguments that are an object, and a name that comes late', () => {
  expect(collect([{ index: 0, id: 'a', function: { arguments: { p: 'x' } } }, { index: 0, id: 'a', function: { name: 'read' } }])).toEqual({
    begun: ['read'],
    calls: [{ id: 'a', name: 'read', json: '{"p":"x"}' }],
  })
})

it('gives the same call however its arguments are cut', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.nat({ max: 200 }), { maxLength: 12 }), (args, cuts) => {
      const json = JSON.stringify(args)
      const points = [0, ...cuts.filter((cut) => cut < json.length).sort((left, right) => left - right), json.length]
      const pieces = points.slice(1).map((point, index) => json.slice(points[index], point))
      const { calls } = collect([{ index: 0, id: 'a', function: { name: 'read' } }, ...pieces.map((piece) => ({ index: 0, function: { arguments: piece } }))])
      expect(calls).toEqual([{ id: 'a', name: 'read', json }])
    }),
  )
})
