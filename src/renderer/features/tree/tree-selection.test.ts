import { describe, expect, test } from 'vitest'
import { noSelection, targetsOf, withRange, withToggled } from './tree-selection'

const order = ['a', 'a/one', 'a/two', 'b', 'c']

describe('several rows are chosen', () => {
  test('one by one, beginning with the active row, and are let go again', () => {
    const two = withToggled(noSelection, 'c', 'b')
    expect([...two.paths]).toEqual(['b', 'c'])
    expect([...withToggled(two, 'b', 'c').paths]).toEqual(['c'])
  })

  test('as a range from where it began, in both directions', () => {
    const down = withRange(noSelection, order, 'b', 'a/one')
    expect([...down.paths]).toEqual(['a/one', 'a/two', 'b'])
    expect([...withRange(down, order, 'a', 'b').paths]).toEqual(['a', 'a/one'])
    expect([...withRange({ paths: new Set(), anchor: 'gone' }, order, 'c', null).paths]).toEqual(['c'])
  })

  test('an action is done to all of them, or to a row that is not among them alone', () => {
    const chosen = { paths: new Set(['c', 'a/one', 'a']), anchor: 'a' }
    expect(targetsOf(chosen, 'c')).toEqual(['a', 'c'])
    expect(targetsOf(chosen, 'b')).toEqual(['b'])
  })
})
