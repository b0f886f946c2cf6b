import type { ExplainInput, Explanation, NewPermissionRule, PermissionRule } from '#contract/permissions'
import type { Settings } from '#contract/settings'
import { describeRule } from '#contract/permission-words'
import type { Audit, AuditEntry } from '../audit/audit-log'
import { AppError, notFound } from '../errors'
import type { Emit, EventSource, EventStream } from '../events/event-stream'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { Tool } from '../tools/tool'
import { receiversOf } from '../flow/flow-of'
import { sourcesOfSession } from '../flow/inherited-labels'
import { hasBoth } from '../flow/labels'
import { createRuleBook, inOrder, type RuleBook } from './rule-book'
import { decide, isGrantable, type PermissionRequest } from './rules'

const MOST_RULES = 2000
const MOST_BOOKS = 200

export interface PermissionService {
  list(): PermissionRule[]
  create(rule: NewPermissionRule, traceId: string): PermissionRule
  replace(id: string, rule: NewPermissionRule, traceId: string): PermissionRule
  remove(id: string, traceId: string): void
  /** The rules that count for a session now. */
  bookFor(sessionId: string | null, workspaceId: string | null): RuleBook
  /** Inside a transaction: a rule that lets commands reach these hosts. */
  allowHosts(hosts: readonly string[], place: Pick<NewPermissionRule, 'scope' | 'targetId' | 'expiresAt'>, emit: Emit, source: EventSource): void
  /** What would be decided on a call; nothing runs. */
  explain(input: ExplainInput): Explanation
}

interface Book {
  readonly book: RuleBook
  /** Until one of its rules expires. */
  readonly until: number
}

export function createPermissionService({ store, events, audit, clock, newId, tools, settings, commands }: {
  readonly store: Store
  readonly events: EventStream
  readonly audit: Audit
  readonly clock: Clock
  readonly newId: NewId
  readonly tools: ReadonlyMap<string, Tool>
  readonly settings: () => Settings
  readonly commands: { readonly sandboxed: boolean }
}): PermissionService {
  const books = new Map<string, Book>()
  const current = () => store.permissionRules.list().filter(({ expiresAt }) => expiresAt === null || expiresAt > clock.now())

  const change = <T>(traceId: string, work: () => T): T => {
    const result = events.transact((emit) => {
      store.permissionRules.removeExpired(clock.now())
      const done = work()
      emit({ topic: 'permissions.update', payload: {} }, { sessionId: null, runId: null, traceId })
      return done
    })
    books.clear()
    return result
  }
  const put = (rule: PermissionRule, traceId: string, before?: PermissionRule): PermissionRule => change(traceId, () => {
    store.permissionRules.put(rule)
    audit.append(ruleEntry(before ? 'changed' : 'added', rule, before), sourceOf(traceId))
    return rule
  })
  const bookFor = (sessionId: string | null, workspaceId: string | null): RuleBook => {
    const key = `${sessionId ?? ''} ${workspaceId ?? ''}`
    const known = books.get(key)
    if (known && known.until > clock.now()) return known.book
    const above = sessionId === null ? [] : sessionsAbove(store, sessionId)
    const rules = current().filter(({ scope, targetId, effect }) => scope === 'user' || targetId === (scope === 'session' ? sessionId : workspaceId)
      || (scope === 'session' && effect !== 'allow' && targetId !== null && above.includes(targetId)))
    const until = Math.min(...rules.map(({ expiresAt }) => expiresAt ?? Infinity))
    if (books.size >= MOST_BOOKS) books.clear()
    const book = createRuleBook(rules)
    books.set(key, { book, until })
    return book
  }

  return {
    list: () => inOrder(current()),
    create: (rule, traceId) => {
      check(store, rule, clock.now())
      if (current().length >= MOST_RULES) throw new AppError('CONFLICT', `There are ${MOST_RULES} rules already. Remove some first; nothing was added.`)
      return put({ ...rule, id: newId(), createdAt: clock.now() }, traceId)
    },
    replace: (id, rule, traceId) => {
      const known = store.permissionRules.get(id)
      if (!known) throw notFound('Permission rule', id)
      check(store, rule, clock.now())
      return put({ ...rule, id, createdAt: known.createdAt }, traceId, known)
    },
    remove: (id, traceId) => {
      const known = store.permissionRules.get(id)
      if (!known) throw notFound('Permission rule', id)
      change(traceId, () => {
        audit.append(ruleEntry('removed', known), sourceOf(traceId))
        return store.permissionRules.remove(id)
      })
    },
    bookFor,
    allowHosts: (hosts, place, emit, source) => {
      const rule = { ...hostRule(hosts, place), id: newId(), createdAt: clock.now() }
      store.permissionRules.put(rule)
      audit.append({ kind: 'grant', severity: 'medium', title: `Commands may reach ${hosts.join(', ')}`, content: { rule } }, source)
      books.clear()
      emit({ topic: 'permissions.update', payload: {} }, source)
    },
    explain: (input) => {
      const { request, rules } = requestOf({ store, clock, settings, commands, tools, bookFor }, input)
      const { effect, rule, reason, ruleId = null } = decide(request, { rules, arguments: input.arguments, agent: input.agent })
      const fitting = rules.all({ ...request, arguments: input.arguments, agent: input.agent }).map(({ id }) => id)
      return { effect, rule, ruleId, reason, alsoFit: fitting.filter((id) => id !== ruleId) }
    },
  }
}

function ruleEntry(what: string, rule: PermissionRule, before?: PermissionRule): AuditEntry {
  return { kind: 'rule', severity: 'medium', title: `Rule ${what}: ${describeRule(rule)}`, content: { rule, ...(before && { before }) } }
}

function hostRule(hosts: readonly string[], place: Pick<NewPermissionRule, 'scope' | 'targetId' | 'expiresAt'>): NewPermissionRule {
  return { effect: 'allow', ...place, tool: 'run_command', capability: 'execute', priority: 0, conditions: [{ key: 'host', operator: 'in', value: [...hosts] }], note: 'from an approval' }
}

function sourceOf(traceId: string): EventSource {
  return { sessionId: null, runId: null, traceId }
}

/** What an agent may not do, those that it starts may not either. */
function sessionsAbove(store: Pick<Store, 'agents'>, sessionId: string): string[] {
  const above: string[] = []
  for (let parent = store.agents.get(sessionId)?.parentSessionId ?? null; parent !== null && above.length < 20; parent = store.agents.get(parent)?.parentSessionId ?? null) above.push(parent)
  return above
}

function check(store: Store, { scope, targetId, expiresAt }: NewPermissionRule, now: number): void {
  if ((scope === 'user') !== (targetId === null)) throw new AppError('INVALID_PARAMETERS', 'A rule for a folder or a session names it in targetId; one for everywhere names none.')
  if (scope === 'workspace' && targetId !== null && !store.workspaces.get(targetId)) throw notFound('Workspace', targetId)
  if (scope === 'session' && targetId !== null && !store.sessions.get(targetId)) throw notFound('Session', targetId)
  if (expiresAt !== null && expiresAt <= now) throw new AppError('INVALID_PARAMETERS', 'The rule would have expired already. Give it a later time.')
}

function requestOf(
  { store, clock, settings, commands, tools, bookFor }: Pick<PermissionService, 'bookFor'> & {
    readonly store: Store; readonly clock: Clock; readonly settings: () => Settings; readonly commands: { readonly sandboxed: boolean }; readonly tools: ReadonlyMap<string, Tool>
  }, input: ExplainInput,
): { readonly request: PermissionRequest; readonly rules: RuleBook } {
  const session = input.sessionId === undefined ? null : store.sessions.get(input.sessionId)
  if (input.sessionId !== undefined && !session) throw notFound('Session', input.sessionId)
  const workspaceId = session?.workspaceId ?? input.workspaceId ?? null
  const workspace = workspaceId === null ? null : store.workspaces.get(workspaceId)
  if (workspaceId !== null && !workspace) throw notFound('Workspace', workspaceId)
  const capability = input.capability ?? tools.get(input.tool)?.capability
  if (capability === undefined) throw new AppError('INVALID_PARAMETERS', `There is no tool ${input.tool}. Name its capability to ask all the same.`)
  const outside = input.arguments['outside_sandbox'] === true
  const sandboxed = input.sandboxed ?? (commands.sandboxed && !outside)
  const tool = { name: input.tool, capability, sends: tools.get(input.tool)?.sends ?? false }
  const sends = receiversOf(tool, { hosts: input.hosts, ...(capability === 'execute' && { confinement: { sandboxed, hosts: input.hosts } }) }).length > 0
  const granted = session && isGrantable(capability) ? store.grants.listFor(session.id, workspaceId, clock.now()) : workspaceId === null ? [] : store.grants.listByWorkspace(workspaceId, clock.now())
  return {
    rules: bookFor(session?.id ?? null, workspaceId),
    request: {
      toolName: input.tool, capability, paths: input.paths, hosts: input.hosts, mode: input.mode ?? session?.mode ?? 'ask', trusted: workspace?.trusted ?? false,
      sandboxed, leaks: sends && session !== null && hasBoth(sourcesOfSession(store, session.id)), grants: granted, allowedHosts: settings().web.allowedHosts,
      command: typeof input.arguments['command'] === 'string' ? input.arguments['command'] : null,
    },
  }
}
