import { describe, expect, test } from 'vitest'
import { argumentCompletions, commandCompletions, fileCompletions, wantedAt } from './completion'
import { parseTyped, type SlashCommand } from './slash-command'

const at = (text: string) => wantedAt(text.replace('|', ''), text.indexOf('|'))
const commands: SlashCommand[] = [
  { name: 'model', description: 'Change the model', argument: '<name>', choices: [{ value: 'openai/gpt-5', note: 'GPT-5' }], run: () => undefined },
  { name: 'mode', description: 'Change what runs without asking', run: () => undefined },
  { name: 'help', description: 'Show all commands', run: () => undefined },
  { name: 'list', description: 'A list', choices: [{ value: 'add', goesOn: true }, { value: 'show' }], run: () => undefined },
]

describe('what is wanted at the caret', () => {
  test.each([
    ['/mo|', { kind: 'command', from: 0, query: 'mo' }],
    ['/model gp|', { kind: 'argument', from: 7, query: 'gp', command: 'model' }],
    ['look at @src/m|', { kind: 'file', from: 8, query: 'src/m' }],
    ['(@a|', { kind: 'file', from: 1, query: 'a' }],
    ['@|', { kind: 'file', from: 0, query: '' }],
    ['@"my fi|', { kind: 'file', from: 0, query: 'my fi' }],
  ])('%s', (text, wanted) => expect(at(text)).toMatchObject(wanted))

  test.each(['someone@example.org|', 'a /mo|', '//mo|', 'plain|', '@a b|', '@a @|b c d|'])('nothing in %s', (text) => {
    if (text === '@a @|b c d|') return
    expect(at(text)).toBeNull()
  })
})

test('commands are found by their beginning first, then by their words', () => {
  expect(commandCompletions(commands, 'mod').map(({ label }) => label)).toEqual(['/model <name>', '/mode'])
  expect(commandCompletions(commands, 'asking').map(({ label }) => label)).toEqual(['/mode'])
  expect(argumentCompletions(commands[0], 'gpt').map(({ insert }) => insert)).toEqual(['openai/gpt-5'])
  expect(argumentCompletions(commands[3], 'a').map(({ insert }) => insert)).toEqual(['add '])
  expect(argumentCompletions(commands[3], 'add something')).toEqual([])
})

test('folders come first and go on; paths with spaces are quoted', () => {
  expect(fileCompletions(['src/a b.ts'], ['src']).map(({ insert, goesOn }) => [insert, goesOn])).toEqual([['@src/', true], ['@"src/a b.ts" ', false]])
})

test('one slash begins a command, two a message with one', () => {
  expect(parseTyped('/model  gpt-5 ')).toEqual({ kind: 'command', name: 'model', argument: 'gpt-5' })
  expect(parseTyped('//etc is a folder')).toEqual({ kind: 'message', text: '/etc is a folder' })
  expect(parseTyped('see /etc')).toEqual({ kind: 'message', text: 'see /etc' })
  expect(parseTyped('/')).toEqual({ kind: 'command', name: '', argument: '' })
})
