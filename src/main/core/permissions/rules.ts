import type { Mode } from '#contract/common'
import { describeRule } from '#contract/permission-words'
import type { PermissionRule } from '#contract/permissions'
import type { Grant } from '#contract/workspaces'
import { isProtectedPath } from '../tools/protected-paths'
import type { Capability } from '../tools/tool'
import { covers, isHostOf } from './grant-cover'
import type { RuleBook } from './rule-book'

/** A call that wants to run, as far as the rules look at it. */
export interface PermissionRequest {
  readonly toolName: string
  readonly capability: Capability
  /** The command that it would run. */
  readonly command?: string | null
  /** Real workspace paths it reads or changes. */
  readonly paths: readonly string[]
  /** Servers it asks, as `host` or `host:port`; of a confined command: patterns of those that it may reach. */
  readonly hosts: readonly string[]
  /** Hosts that agents may ask without a question; `*.` at the front stands for every name below. */
  readonly allowedHosts: readonly string[]
  readonly mode: Mode
  readonly trusted: boolean
  /** Whether this command is confined by the operating system, or commands can be. */
  readonly sandboxed: boolean
  readonly grants: readonly Pick<Grant, 'toolName' | 'scope' | 'pattern'>[]
  /** The run has read something untrusted and something private, and the call would send something out. */
  readonly leaks?: boolean
  /** What the call would send out repeats something private that the run has read. */
  readonly quotes?: boolean
}

export interface Permission {
  readonly effect: 'allow' | 'ask' | 'deny'
  readonly rule: string
  /** The rule in plain words, for the person and for the model. */
  readonly reason: string
  /** Whether an approval may cover later calls too. */
  readonly grantable: boolean
  /** The rule of the person that decided. */
  readonly ruleId?: string
}

/** What the rules of a person look at, beside the request. */
export interface OwnRules {
  readonly rules: RuleBook
  readonly arguments: Readonly<Record<string, unknown>>
  /** Template of the agent. */
  readonly agent: string
}

interface Rule extends Permission {
  /** Asks, whatever the rules of a person allow; `hosts`: unless they name the hosts. */
  readonly binding?: true | 'hosts'
  readonly applies: (request: PermissionRequest) => boolean
}

const changesFiles = (request: PermissionRequest) => request.capability === 'edit'
const executes = (request: PermissionRequest) => request.capability === 'execute'

/** In order; the first that applies decides. No match means ask. */
const rules: readonly Rule[] = [
  {
    rule: 'question', effect: 'ask', grantable: false, binding: true, reason: 'The agent asks you something.',
    applies: ({ capability }) => capability === 'ask',
  },
  {
    rule: 'read', effect: 'allow', grantable: false, reason: 'Reading inside the workspace never asks.',
    applies: ({ capability }) => capability === 'read',
  },
  {
    rule: 'delegate', effect: 'allow', grantable: false, reason: 'An agent may start agents that may do no more than itself.',
    applies: ({ capability }) => capability === 'delegate',
  },
  {
    rule: 'script', effect: 'allow', grantable: false, reason: 'A script does nothing by itself: each call that it makes is judged like any other.',
    applies: ({ capability }) => capability === 'script',
  },
  {
    rule: 'untrusted-tasks', effect: 'ask', grantable: false, binding: true, reason: 'Without a trusted folder, every task that an agent makes asks.',
    applies: ({ capability, trusted, mode }) => capability === 'tasks' && !trusted && mode !== 'plan',
  },
  {
    rule: 'memory', effect: 'allow', grantable: false, reason: 'What an agent notes is marked as its own, and can be reviewed.',
    applies: ({ capability }) => capability === 'memory',
  },
  {
    rule: 'proposal', effect: 'ask', grantable: false, binding: true, reason: 'It changes how agents work, or what they know, so it always asks.',
    applies: ({ capability }) => capability === 'propose',
  },
  {
    rule: 'untrusted-folder', effect: 'deny', grantable: false,
    reason: 'This folder is not trusted, so agents may only read it. A person can trust it in the status bar.',
    applies: ({ trusted, capability }) => !trusted && capability !== 'tasks',
  },
  {
    rule: 'plan-mode', effect: 'deny', grantable: false,
    reason: 'Plan mode is read-only: nothing is changed and nothing is run. Describe the plan instead.',
    applies: ({ mode, capability }) => mode === 'plan' && capability !== 'network',
  },
  {
    rule: 'information-flow', effect: 'ask', grantable: false, binding: true,
    reason: 'The agent has read something that came from outside and something private, and this could send the one to the author of the other. It is up to you, every time.',
    applies: ({ leaks = false }) => leaks,
  },
  {
    rule: 'private-data', effect: 'ask', grantable: false, binding: true,
    reason: 'What this would send repeats something private that the agent has read. It is up to you, every time.',
    applies: ({ quotes = false }) => quotes,
  },
  {
    rule: 'unsandboxed-command', effect: 'ask', grantable: false, binding: true,
    reason: 'The command would run outside of the sandbox, with all rights that you have.',
    applies: (request) => executes(request) && !request.sandboxed,
  },
  {
    rule: 'command-network', effect: 'ask', grantable: true, binding: 'hosts',
    reason: 'The command would reach hosts on the network, which the sandbox keeps from it otherwise.',
    applies: (request) => executes(request) && request.hosts.length > 0,
  },
  {
    rule: 'protected-path', effect: 'ask', grantable: false, binding: true,
    reason: 'The path can make other programs run something, so it always asks.',
    applies: (request) => changesFiles(request) && request.paths.some(isProtectedPath),
  },
  {
    rule: 'allowed-host', effect: 'allow', grantable: false, reason: 'You allow agents to read from this server.',
    applies: ({ capability, hosts, allowedHosts }) => capability === 'network' && hosts.length > 0 && hosts.every((host) => allowedHosts.some((pattern) => isHostOf(host, pattern))),
  },
  {
    rule: 'grant-session', effect: 'allow', grantable: false, reason: 'You allowed this tool for the session.',
    applies: (request) => request.grants.some((grant) => grant.scope === 'session' && covers(grant, request)),
  },
  {
    rule: 'grant-workspace', effect: 'allow', grantable: false, reason: 'You always allow this tool in the workspace.',
    applies: (request) => request.grants.some((grant) => grant.scope === 'workspace' && covers(grant, request)),
  },
  {
    rule: 'sandboxed-auto-mode', effect: 'allow', grantable: false, reason: 'Sandboxed auto mode lets agents change files of the workspace, make tasks, and run commands inside the sandbox.',
    applies: (request) => request.mode === 'sandboxed-auto' && (changesFiles(request) || executes(request) || request.capability === 'tasks'),
  },
  {
    rule: 'auto-edit-mode', effect: 'allow', grantable: false, reason: 'Auto-edit mode lets agents change files of the workspace and make tasks.',
    applies: (request) => (changesFiles(request) || request.capability === 'tasks') && request.mode === 'auto-edit',
  },
  {
    rule: 'mcp', effect: 'ask', grantable: true, reason: 'It is a tool of an MCP server: what it does with the call is not known.',
    applies: ({ capability }) => capability === 'mcp',
  },
  {
    rule: 'network', effect: 'ask', grantable: true, reason: 'It asks a server on the internet: the address and what is in it leave this computer.',
    applies: ({ capability }) => capability === 'network',
  },
]

const noMatch: Permission = {
  rule: 'ask-mode', effect: 'ask', grantable: true, reason: 'In ask mode everything that changes something asks.',
}

/**
 * What is built in denies before everything; then the first rule of the person that fits decides, but an allowance never outranks what
 * always asks; then the rest of what is built in.
 */
export function decide(request: PermissionRequest, own?: OwnRules): Permission {
  const builtIn = rules.find((rule) => rule.applies(request)) ?? noMatch
  if (builtIn.effect === 'deny' || !own) return builtIn
  const rule = own.rules.first({ ...request, arguments: own.arguments, agent: own.agent })
  if (!rule) return builtIn
  const decided: Permission = { effect: rule.effect, rule: 'rule', ruleId: rule.id, reason: `Your rule: ${describeRule(rule)}`, grantable: false }
  if (rule.effect !== 'allow') return decided
  return rules.find(({ binding, applies }) => binding !== undefined && !(binding === 'hosts' && namesHosts(rule)) && applies(request)) ?? decided
}

function namesHosts(rule: PermissionRule): boolean {
  return rule.conditions.some(({ key, operator }) => key === 'host' && operator !== 'notIn')
}

/** Whether a grant can make a difference to calls of this capability. */
export function isGrantable(capability: Capability): boolean {
  return capability === 'edit' || capability === 'execute' || capability === 'network' || capability === 'tasks' || capability === 'mcp'
}

/** Whether a call of this capability could be allowed at all: what could not is not offered to the model. */
export function couldBeAllowed(request: Omit<PermissionRequest, 'paths' | 'hosts' | 'allowedHosts' | 'grants'>): boolean {
  return decide({ ...request, paths: [], hosts: [], allowedHosts: [], grants: [] }).effect !== 'deny'
}
