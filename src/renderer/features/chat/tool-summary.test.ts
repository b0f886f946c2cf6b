import { expect, test } from 'vitest'
import type { ToolCall } from '#contract/entries'
import { describeArguments, plainOutput, summarizeCall } from './tool-summary'

const call = (args: Record<string, unknown>, over: Partial<ToolCall> = {}): ToolCall => ({ id: 'c', name: 't', arguments: args, ...over })

test('a call is summed up by what it is about', () => {
  expect(summarizeCall(call({ path: 'a.txt', content: 'long' }))).toBe('a.txt')
  expect(summarizeCall(call({ command: 'npm test\n  --all', timeout_ms: 5 }))).toBe('npm test --all')
  expect(summarizeCall(call({ from: 'a', to: 'b' }))).toBe('a → b')
  expect(summarizeCall(call({ depth: 2 }))).toBe('{"depth":2}')
  expect(summarizeCall(call({}))).toBe('')
  expect(summarizeCall(call({}, { invalid: { raw: '{"path": ', message: 'cut off' } }))).toBe('{"path":')
})

test('a summary stays short and never ends in half a character', () => {
  const summary = summarizeCall(call({ command: '😀'.repeat(500) }))
  expect([...summary]).toHaveLength(160)
  expect(summary).toMatch(/^(?:😀)*…$/u)
})

test('arguments are listed whole', () => {
  expect(describeArguments(call({ path: 'a', list: [1] }))).toEqual([{ name: 'path', text: 'a' }, { name: 'list', text: '[\n  1\n]' }])
})

test('terminal output becomes the text a person would have seen', () => {
  expect(plainOutput('\u001b[32m ✓\u001b[0m one\r\n\u001b]0;title\u0007two')).toBe(' ✓ one\ntwo')
  expect(plainOutput('10 %\r50 %\r100 %\ndone')).toBe('100 %\ndone')
  expect(plainOutput('\u001b]8;;https://evil.example\u001b\\link\u001b]8;;\u001b\\')).toBe('link')
})
