import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestPrompt } from './nearest-prompt'

test('is the one with the smallest distance', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(500), { minLength: 1, maxLength: 60 }), fc.nat(600), (positions, at) => {
    const prompts = positions.sort((left, right) => left - right).map((position) => ({ position }))
    const distances = prompts.map(({ position }) => Math.abs(position - at))
    expect(distances[nearestPrompt(prompts, at)]).toBe(Math.min(...distances))
  }))
})

test('without prompts it is the first', () => {
  expect(nearestPrompt([], 5)).toBe(0)
})
