import { expect, it } from 'vitest'
import { run } from './testing/run-script'

it('returns JSON, says what it logs, and awaits its functions', async () => {
  const { end, output, calls } = await run(`const said = await addMemory('The sky is blue.', { tags: ['sky'] })
console.log('said', said, { a: 1 })
return { said, two: 1 + 1 }`)
  expect(end).toEqual({ end: 'returned', value: '{"said":"ok","two":2}' })
  expect(output).toBe('said ok {"a":1}\n')
  expect(calls).toEqual([['addMemory', 'The sky is blue.', { tags: ['sky'] }]])
})

it('returns nothing where it returns nothing', async () => {
  expect((await run('const unused = 1')).end).toEqual({ end: 'returned', value: null })
})
