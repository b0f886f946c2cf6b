import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NewPermissionRuleSchema, type PermissionRule } from '#contract/permissions'
import { matcher, type Subject } from './match'
import { createRuleBook } from './rule-book'
import { decide, type PermissionRequest } from './rules'

const base: PermissionRequest = { toolName: 'run_command', capability: 'execute', paths: [], hosts: [], allowedHosts: [], mode: 'ask', trusted: true, sandboxed: true, grants: [] }
let made = 0
const rule = (changes: Record<string, unknown>): PermissionRule => ({ ...NewPermissionRuleSchema.parse({ effect: 'allow', scope: 'user', ...changes }), id: `r${++made}`, createdAt: made })
const decided = (rules: readonly PermissionRule[], changes: Partial<PermissionRequest> = {}, args: Record<string, unknown> = {}) =>
  decide({ ...base, ...changes }, { rules: createRuleBook(rules), arguments: args, agent: 'general' })
const command = (text: string) => ({ command: text })
const when = (key: string, operator: string, value: string | string[]) => ({ conditions: [{ key, operator, value }] })

describe('rules of a person', () => {
  it('decide by tool, capability and conditions, and say so', () => {
    const tests = rule({ tool: 'run_command', ...when('command', 'startsWith', 'npm test') })
    expect(decided([tests], {}, command('npm test -- x'))).toEqual({ effect: 'allow', rule: 'rule', ruleId: tests.id, grantable: false, reason: 'Your rule: allow run_command when command starts with “npm test”' })
    expect(decided([tests], {}, command('npm publish'))).toMatchObject({ effect: 'ask', rule: 'ask-mode' })
    expect(decided([rule({ effect: 'deny', capability: 'read', ...when('path', 'matches', 'secrets/**') })], { toolName: 'read_file', capability: 'read', paths: ['secrets/a/b'] })).toMatchObject({ effect: 'deny', rule: 'rule' })
    expect(decided([rule({ effect: 'ask', tool: 'mcp__*' })], { toolName: 'mcp__files', capability: 'read' })).toMatchObject({ effect: 'ask' })
    expect(decided([rule({ ...when('agent', 'equals', 'reviewer') })])).toMatchObject({ rule: 'ask-mode' })
    expect(decided([rule({ ...when('argument.limit', 'in', ['1', '2']) })], {}, { limit: 2 })).toMatchObject({ effect: 'allow' })
  })

  it('count by priority, and of equal ones the strictest', () => {
    const [allow, ask, deny] = [rule({}), rule({ effect: 'ask' }), rule({ effect: 'deny' })]
    expect([decided([allow, ask, deny]).effect, decided([allow, ask]).effect, decided([{ ...allow, priority: 1 }, ask, deny]).effect]).toEqual(['deny', 'ask', 'allow'])
    expect(decided([rule({ tool: 'run_command', priority: 1 }), rule({ effect: 'deny', tool: null, priority: 2 })]).effect).toBe('deny')
  })

  it.each([
    ['a folder that is not trusted', { trusted: false }, 'deny', 'untrusted-folder'],
    ['plan mode', { mode: 'plan' }, 'deny', 'plan-mode'],
    ['a command outside of the sandbox', { sandboxed: false }, 'ask', 'unsandboxed-command'],
    ['a command with hosts that no rule names', { hosts: ['example.com'] }, 'ask', 'command-network'],
    ['a protected path', { capability: 'edit', toolName: 'write_file', paths: ['.git/hooks/x'] }, 'ask', 'protected-path'],
    ['a question', { capability: 'ask', toolName: 'ask_user' }, 'ask', 'question'],
  ] as const)('that allow everything do not override what is built in: %s', (_name, changes, effect, name) => {
    expect(decided([rule({ priority: 1000 })], changes)).toMatchObject({ effect, rule: name })
  })

  it('that name hosts open just these to commands', () => {
    const hosts = rule({ tool: 'run_command', ...when('host', 'in', ['example.com', '*.example.com']) })
    expect([decided([hosts], { hosts: ['example.com'] }).effect, decided([hosts], { hosts: ['example.com', 'evil.com'] }).effect, decided([hosts]).effect]).toEqual(['allow', 'ask', 'ask'])
    expect(decided([hosts], { hosts: ['example.com'], sandboxed: false })).toMatchObject({ effect: 'ask', rule: 'unsandboxed-command' })
  })

  it('that allow need every path, and others one', () => {
    const paths = { capability: 'edit', toolName: 'move_file', paths: ['docs/a', 'src/b'] } as const
    expect([decided([rule(when('path', 'matches', 'docs/**'))], paths).effect, decided([rule({ effect: 'deny', ...when('path', 'matches', 'docs/**') })], paths).effect]).toEqual(['ask', 'deny'])
  })

  it('never make anything more allowed by a denial, in any order', () => {
    const rank = { deny: 0, ask: 1, allow: 2 }
    const rules = fc.array(fc.record({ effect: fc.constantFrom('allow', 'ask', 'deny'), priority: fc.integer({ min: -2, max: 2 }), tool: fc.constantFrom(null, 'run_command', 'write_*') }).map(rule), { maxLength: 6 })
    fc.assert(fc.property(rules, fc.boolean(), (some, sandboxed) => {
      const effect = decided(some, { sandboxed }).effect
      expect(decided([...some].reverse(), { sandboxed }).effect).toBe(effect)
      expect(rank[decided([...some, rule({ effect: 'deny', priority: 1000 })], { sandboxed }).effect]).toBe(0)
      if (!sandboxed) expect(effect).not.toBe('allow')
    }))
  })
})

describe('patterns', () => {
  it.each([
    ['docs/*', 'docs/a.md', true], ['docs/*', 'docs/a/b', false], ['docs/**', 'docs/a/b', true], ['**/*.md', 'a/b.md', true], ['a.c', 'abc', false], ['*', '', true], ['', 'x', false], ['a*b*c', 'aXbYc', true],
  ])('%s and %s: %s', (pattern, text, fits) => {
    expect(matcher(pattern)(text)).toBe(fits)
  })

  it('take no longer for one that is made to take long', () => {
    const subject: Subject = { toolName: 'x', capability: 'execute', paths: [], hosts: [], mode: 'ask', agent: 'general', sandboxed: true, arguments: command('a'.repeat(20_000)) }
    const started = performance.now()
    expect(createRuleBook([rule(when('command', 'matches', `${'**a'.repeat(100)}b`))]).first(subject)).toBeNull()
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
