import { expect, it } from 'vitest'
import { parseQuery } from './query'

const brief = (text: string) => parseQuery(text).map(({ words, prefix }) => words.join('+') + (prefix ? '*' : ''))

it('reads words, beginnings and quoted phrases', () => {
  expect(brief('blue harbour ')).toEqual(['blue', 'harbour'])
  expect(brief('conf* blue ')).toEqual(['conf*', 'blue'])
  expect(brief('"blue harbour" wall ')).toEqual(['blue+harbour', 'wall'])
  expect(brief('"blue harb"* ')).toEqual(['blue+harb*'])
})

it('leaves the end open that is still being typed', () => {
  expect(brief('blue har')).toEqual(['blue', 'har*'])
  expect(brief('"blue har')).toEqual(['blue+har*'])
})

it('takes one or two letters for a whole word', () => {
  expect(brief('a ha')).toEqual(['a', 'ha'])
  expect(brief('ha* x')).toEqual(['ha', 'x'])
})

it('takes a path or an address for its words in order', () => {
  expect(brief('src/main.ts ')).toEqual(['src+main+ts'])
  expect(brief('foo()')).toEqual(['foo'])
})

it('finds nothing to look for where there are no words, and errs at nothing', () => {
  for (const text of ['', '   ', '"', '""', '***', 'AND OR NOT ( ) ^ : -', '"\u0000"', '\ud800']) expect(() => parseQuery(text)).not.toThrow()
  expect(brief('*** "" ()')).toEqual([])
})
