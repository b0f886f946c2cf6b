import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { couldBeAllowed, decide, type PermissionRequest } from './rules'

const base: PermissionRequest = { toolName: 'write_file', capability: 'edit', paths: ['src/a.ts'], hosts: [], allowedHosts: [], mode: 'ask', trusted: true, sandboxed: false, grants: [] }
const effect = (changes: Partial<PermissionRequest>) => decide({ ...base, ...changes }).effect

describe('permissions', () => {
  it.each([
    ['a read in any mode', { capability: 'read' }, 'allow', 'read'],
    ['a read in a folder that is not trusted', { capability: 'read', trusted: false }, 'allow', 'read'],
    ['an edit in ask mode', {}, 'ask', 'ask-mode'],
    ['an edit in auto-edit mode', { mode: 'auto-edit' }, 'allow', 'auto-edit-mode'],
    ['an edit of a protected path in auto-edit mode', { mode: 'auto-edit', paths: ['a', '.git/hooks/pre-commit'] }, 'ask', 'protected-path'],
    ['an edit in plan mode', { mode: 'plan' }, 'deny', 'plan-mode'],
    ['an edit in a folder that is not trusted', { mode: 'auto-edit', trusted: false }, 'deny', 'untrusted-folder'],
    ['a command in auto-edit mode', { capability: 'execute', mode: 'auto-edit' }, 'ask', 'unsandboxed-command'],
    ['a question in plan mode', { capability: 'ask', mode: 'plan' }, 'ask', 'question'],
    ['an edit that was granted', { grants: [{ toolName: 'write_file', scope: 'workspace', pattern: null }] }, 'allow', 'grant-workspace'],
    ['an edit that fits the pattern of a grant', { grants: [{ toolName: 'write_file', scope: 'session', pattern: 'src/**' }] }, 'allow', 'grant-session'],
    ['one path of two outside the pattern', { paths: ['src/a.ts', 'b.ts'], grants: [{ toolName: 'write_file', scope: 'session', pattern: 'src/**' }] }, 'ask', 'ask-mode'],
    ['a call without a path and a pattern', { paths: [], grants: [{ toolName: 'write_file', scope: 'session', pattern: '**' }] }, 'ask', 'ask-mode'],
    ['another tool than the granted one', { grants: [{ toolName: 'edit_file', scope: 'session', pattern: null }] }, 'ask', 'ask-mode'],
    ['a command that was granted, unsandboxed', { toolName: 'run_command', capability: 'execute', grants: [{ toolName: 'run_command', scope: 'workspace', pattern: null }] }, 'ask', 'unsandboxed-command'],
    ['a confined command that was granted', { toolName: 'run_command', capability: 'execute', sandboxed: true, grants: [{ toolName: 'run_command', scope: 'session', pattern: null }] }, 'allow', 'grant-session'],
    ['a confined command that was granted and wants the network', { toolName: 'run_command', capability: 'execute', sandboxed: true, hosts: ['example.com'], grants: [{ toolName: 'run_command', scope: 'session', pattern: null }] }, 'ask', 'command-network'],
    ['a confined command in sandboxed auto mode', { capability: 'execute', mode: 'sandboxed-auto', sandboxed: true }, 'allow', 'sandboxed-auto-mode'],
    ['an unconfined command in sandboxed auto mode', { capability: 'execute', mode: 'sandboxed-auto' }, 'ask', 'unsandboxed-command'],
    ['a confined command with network in sandboxed auto mode', { capability: 'execute', mode: 'sandboxed-auto', sandboxed: true, hosts: ['example.com'] }, 'ask', 'command-network'],
    ['an edit in sandboxed auto mode', { mode: 'sandboxed-auto' }, 'allow', 'sandboxed-auto-mode'],
    ['an edit of a protected path in sandboxed auto mode', { mode: 'sandboxed-auto', paths: ['.git/config'] }, 'ask', 'protected-path'],
    ['a page of the web', { capability: 'network', hosts: ['docs.example.org'] }, 'ask', 'network'],
    ['a page of the web in a folder that is not trusted', { capability: 'network', hosts: ['a.example'], allowedHosts: ['a.example'], trusted: false }, 'deny', 'untrusted-folder'],
    ['a page of an allowed host in plan mode', { capability: 'network', hosts: ['docs.example.org'], allowedHosts: ['*.example.org'], mode: 'plan' }, 'allow', 'allowed-host'],
    ['a page of the host that a pattern ends with', { capability: 'network', hosts: ['example.org'], allowedHosts: ['*.example.org'] }, 'ask', 'network'],
    ['a page of a look-alike', { capability: 'network', hosts: ['notexample.org'], allowedHosts: ['*.example.org', 'example.org'] }, 'ask', 'network'],
    ['another port of an allowed host', { capability: 'network', hosts: ['example.org:8080'], allowedHosts: ['example.org'] }, 'ask', 'network'],
    ['a granted edit in plan mode', { mode: 'plan', grants: [{ toolName: 'write_file', scope: 'session', pattern: null }] }, 'deny', 'plan-mode'],
  ] as const)('decide on %s', (_name, changes, expected, rule) => {
    expect(decide({ ...base, ...changes })).toMatchObject({ effect: expected, rule })
  })

  it('never allow more in an untrusted folder, in plan mode, or without a sandbox', () => {
    const rank = { deny: 0, ask: 1, allow: 2 }
    fc.assert(fc.property(
      fc.record({
        capability: fc.constantFrom('read', 'edit', 'execute', 'network', 'ask'), mode: fc.constantFrom('ask', 'auto-edit', 'sandboxed-auto', 'plan'),
        paths: fc.array(fc.constantFrom('a', '.git/config', '.vscode/tasks.json')), trusted: fc.boolean(), sandboxed: fc.boolean(),
        grants: fc.array(fc.record({ toolName: fc.constantFrom('write_file', 'run_command'), scope: fc.constantFrom('session', 'workspace'), pattern: fc.constantFrom(null, 'src/**') })),
      }) as fc.Arbitrary<Partial<PermissionRequest>>,
      (changes) => {
        const now = rank[effect(changes)]
        expect(rank[effect({ ...changes, trusted: false })]).toBeLessThanOrEqual(now)
        expect(rank[effect({ ...changes, sandboxed: false })]).toBeLessThanOrEqual(now)
        expect(rank[effect({ ...changes, mode: 'plan' })]).toBeLessThanOrEqual(now)
      },
    ))
  })

  it('keep from the model what could not be allowed anyway', () => {
    const { paths: _paths, grants: _grants, hosts: _hosts, allowedHosts: _allowed, ...rest } = base
    expect(couldBeAllowed(rest)).toBe(true)
    expect(couldBeAllowed({ ...rest, mode: 'plan' })).toBe(false)
    expect(couldBeAllowed({ ...rest, capability: 'read', mode: 'plan', trusted: false })).toBe(true)
  })
})
