import { expect, it } from 'vitest'
import { z } from 'zod'
import { builtinFunctions } from './builtin-functions'
import { defineGlobalFunction, registerGlobalFunctions } from './global-functions'

const named = (name: string) => defineGlobalFunction({ name, tool: 'x', signature: `${name}(text, option?)`, description: '', takes: z.tuple([z.string(), z.string().optional()]), toInput: ([text, option]) => ({ text, option }) })

it('two of the same name, and names that cannot be called, are refused', () => {
  expect(() => registerGlobalFunctions([named('one'), named('two'), named('one')])).toThrow('the global function one is registered twice')
  for (const name of ['', '__proto__', 'a-b', 'A', 'a b']) expect(() => registerGlobalFunctions([named(name)])).toThrow('is no name for a global function')
  expect([...registerGlobalFunctions(builtinFunctions).keys()]).toEqual(['addMemory', 'recall', 'createFile', 'readFile', 'listFiles', 'findFiles', 'searchText'])
})

it('what is left out at the end is left out, and everything else has to fit', () => {
  const one = named('one')
  expect(one.toInput(['a', null])).toEqual({ text: 'a', option: undefined })
  for (const given of [[], [null], [1], ['a', 1], ['a', 'b', 'c']]) expect(() => one.toInput(given)).toThrow(/^one: .*one\(text, option\?\)\.$/)
})

it('what was added is told by its first fifty characters, whole ones', () => {
  const [addMemory] = builtinFunctions
  const told = (text: string, content = 'Noted.') => addMemory?.toValue({ content }, [text])
  expect(told('Short.')).toBe('Added memory: Short....')
  expect(told('x'.repeat(60))).toBe(`Added memory: ${'x'.repeat(50)}...`)
  expect(told('⚓️🚢'.repeat(60))).not.toMatch(/\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/)
  expect(told('Short.', 'Put up for the person to review; it counts once they have accepted it.')).toMatch(/^Put up/)
})

it('a list of which there is more is an error instead of a part', () => {
  const listFiles = builtinFunctions.find(({ name }) => name === 'listFiles')
  expect(listFiles?.toValue({ content: 'a\n[b]/', details: { kind: 'matches', count: 2, truncated: false } }, [])).toEqual(['a', '[b]/'])
  expect(listFiles?.toValue({ content: '[The folder is empty]', details: { kind: 'matches', count: 0, truncated: false } }, [])).toEqual([])
  expect(() => listFiles?.toValue({ content: 'a\n[1 of 9]', details: { kind: 'matches', count: 9, truncated: true } }, [])).toThrow('There are more than 1.')
})
