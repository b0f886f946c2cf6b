import { expect, test } from 'vitest'
import { sixDigits } from './hex'

test('a short colour gets its six digits, a long one stays', () => {
  expect(['#fff', '#1aB', '#a8201a'].map(sixDigits)).toEqual(['#ffffff', '#11aaBB', '#a8201a'])
})
