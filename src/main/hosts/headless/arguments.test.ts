import { describe, expect, it } from 'vitest'
import { parseCommand } from './arguments'

const usual = { profile: null, workspace: null, trust: false, port: null, host: '127.0.0.1' }

describe('the arguments of the command', () => {
  it.each([
    [['serve'], { kind: 'serve', options: usual }],
    [
      ['serve', '--profile', 'p', '--workspace=w', '--trust', '--port', '0', '--host', '0.0.0.0'],
      { kind: 'serve', options: { profile: 'p', workspace: 'w', trust: true, port: 0, host: '0.0.0.0' } },
    ],
    [['demo', '--fresh'], { kind: 'demo', options: usual, fresh: true }],
    [['mcp'], { kind: 'mcp', profile: null }],
    [['mcp', '--profile', 'p'], { kind: 'mcp', profile: 'p' }],
    [['--help'], { kind: 'help' }],
    [['serve', '-h'], { kind: 'help' }],
    [['--version'], { kind: 'version' }],
  ])('%j', (args, command) => {
    expect(parseCommand(args)).toEqual(command)
  })

  it.each([
    [[], 'say what to do, serve or demo'],
    [['start'], 'there is no command "start"'],
    [['serve', 'here'], 'unexpected argument "here"'],
    [['serve', '--port', 'x'], '--port takes a number from 0 to 65535, not "x"'],
    [['serve', '--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
    [['serve', '--port', '-1'], expect.stringContaining('--port')],
    [['serve', '--colour'], expect.stringContaining("'--colour'")],
    [['serve', '--profile'], expect.stringContaining('--profile')],
    [['serve', '--profile', ''], '--profile is empty'],
    [['serve', '--trust'], '--trust needs --workspace'],
    [['serve', '--trust=yes'], expect.stringContaining('--trust')],
    [['serve', '--fresh'], '--fresh is for demo only'],
    [['mcp', '--port', '1'], 'mcp does not take "--port"'],
    [['mcp', 'here'], 'mcp does not take "here"'],
  ])('%j is one clear line', (args, message) => {
    const command = parseCommand(args)
    expect(command).toEqual({ kind: 'bad', message: expect.any(String) })
    const said = command.kind === 'bad' ? command.message : ''
    expect(said).toMatch(/^[^\n]+; see trestle --help$/)
    expect(said.replace('; see trestle --help', '')).toEqual(message)
  })
})
