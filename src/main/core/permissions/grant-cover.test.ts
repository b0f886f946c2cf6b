import { describe, expect, it } from 'vitest'
import { commandWords, covers, type CoveredCall } from './grant-cover'

const run = (command: string): CoveredCall => ({ toolName: 'run_command', capability: 'execute', paths: [], hosts: [], command })
const isCovered = (command: string, pattern: string) => covers({ toolName: 'run_command', pattern }, run(command))

describe('a grant for commands', () => {
  it('covers those that begin with its words', () => {
    expect(['npm test', 'npm test -- --watch', "npm  test 'a b'", 'npm "test" x=1'].map((command) => isCovered(command, 'npm test'))).toEqual([true, true, true, true])
    expect(['npm', 'npm tests', 'npm run test', 'npx npm test', '/tmp/npm test', ''].map((command) => isCovered(command, 'npm test'))).toEqual([false, false, false, false, false, false])
  })

  it.each([
    'npm test; rm -rf x', 'npm test && x', 'npm test & x', 'npm test | sh', 'npm test > x', 'npm test < x', 'npm test $(x)', 'npm test `x`', 'npm test $HOME', 'npm test "$(x)"',
    'npm test "`x`"', 'npm test\nrm x', 'npm test\\\nx', 'npm test *', 'npm test ~', 'npm test {a,b}', 'npm test (x)', 'npm test #x', 'npm test !x', 'npm test "!x"', "npm test 'x", 'npm test "a\\"b"',
    'PATH=/tmp npm test', 'npm test\r x', 'npm test\u00a0x', "npm test $'x'",
  ])('asks for what the shell would do beside: %j', (command) => {
    expect(isCovered(command, 'npm test')).toBe(false)
  })

  it('covers nothing with a pattern that is no beginning of a command', () => {
    expect(['', ' ', '*', 'npm *', 'npm test;', 'A=b npm'].map((pattern) => isCovered('npm test', pattern))).toEqual([false, false, false, false, false, false])
    expect(commandWords('git commit -m "two words"')).toEqual(['git', 'commit', '-m', 'two words'])
  })
})

it('a grant for servers covers calls all of whose hosts fit whole names', () => {
  const reading = (...hosts: string[]): CoveredCall => ({ toolName: 'web_fetch', capability: 'network', paths: [], hosts })
  const ok = (pattern: string, ...hosts: string[]) => covers({ toolName: 'web_fetch', pattern }, reading(...hosts))
  expect([ok('example.com', 'example.com'), ok('*.example.com', 'docs.example.com'), ok('example.com', 'example.com', 'example.com')]).toEqual([true, true, true])
  expect([ok('example.com', 'badexample.com'), ok('*.example.com', 'example.com'), ok('example.com', 'example.com.evil.net'), ok('example.com', 'example.com', 'evil.net'), ok('example.com')]).toEqual([false, false, false, false, false])
})
