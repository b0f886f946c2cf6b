import { expect, test } from 'vitest'
import type { Policy } from '#contract/guardrails'
import { placeOf, textOf, violationOf } from './policies'

const policy = (change: Partial<Policy>): Policy => ({ id: 'p', name: 'P', enabled: true, on: ['tool'], tool: null, patterns: ['drop table'], action: 'warn', ...change })

test.each([
  ['a drop table b', 'drop table', 2], ['rm -r -f x', 'rm*-f', 0], ['rm\n-f', 'rm*-f', null], ['x\nrm a\nrm -f', 'rm*-f', 7], ['aab', 'a*ab', 0], ['ab', 'a*b*c', null], ['end', '*end*', 0], ['a', 'ab', null],
])('%j with the pattern %j is found at %j', (text, pattern, place) => expect(placeOf(text, pattern)).toBe(place))

test('a text that was made to be slow is not', () => {
  const started = performance.now()
  placeOf('a'.repeat(1_000_000), 'a*a*a*a*a*a*b')
  expect(performance.now() - started).toBeLessThan(1000)
})

test('the strictest of those that are on counts, for its tool and its place', () => {
  const policies = [policy({ id: 'warn' }), policy({ id: 'stop', action: 'stop', tool: 'run_command' }), policy({ id: 'off', action: 'stop', enabled: false }), policy({ id: 'reply', action: 'stop', on: ['reply'] })]
  expect(violationOf(policies, 'tool', 'DROP TABLE users', 'write_file')?.policy.id).toBe('warn')
  expect(violationOf(policies, 'tool', 'DROP TABLE users', 'run_command')).toMatchObject({ policy: { id: 'stop' }, why: 'The policy “P” looks for “drop table”, and found: “DROP TABLE users”' })
  expect(violationOf(policies, 'tool', 'select', 'run_command')).toBeNull()
})

test('a key is not repeated in what is told', () => {
  expect(violationOf([policy({ patterns: ['sk-'] })], 'tool', `use sk-${'a'.repeat(30)} now`)?.why).toBe('The policy “P” looks for “sk-”, and found: “use [left out: looks like a key] now”')
})

test('all texts of the arguments are looked at, as they would be used', () => {
  expect(textOf({ a: 'one\n"two"', b: [{ c: 'three' }], n: 4 })).toBe('one\n"two"\nthree\n4')
})
