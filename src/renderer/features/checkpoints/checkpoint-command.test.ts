import { expect, test } from 'vitest'
import { parseCheckpointCommand } from './checkpoint-command'

test('the command stands alone or takes a name', () => {
  expect(['/checkpoint', '  /checkpoint  before the big change ', `/checkpoint ${'x'.repeat(300)}`].map(parseCheckpointCommand)).toEqual([
    { name: null }, { name: 'before the big change' }, { name: 'x'.repeat(100) },
  ])
})

test('everything else is a message', () => {
  expect(['checkpoint', '/checkpoints', 'please /checkpoint', '/checkpoint\nand go on', ''].map(parseCheckpointCommand)).toEqual([null, null, null, null, null])
})
