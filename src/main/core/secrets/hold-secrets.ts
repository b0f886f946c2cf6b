import type { SecretSettings } from '#contract/settings'
import { askPerson, type People, type Waiting } from '../agent/people'
import type { Turn, TurnPorts } from '../agent/turn'
import type { ModelMessage, ModelRequest } from '../ports/model-provider'
import type { Sha256 } from '../ports/system'
import { leaveOut, masked } from './find-secrets'
import { findSought, type PlacedSecret, secretsInMessages, type Sought } from './secrets-in-messages'

const MOST_REMEMBERED = 500
const MOST_SHOWN = 20

export interface SecretPorts extends TurnPorts {
  readonly people: People
  readonly waiting: Waiting
  readonly sha256: Sha256
  readonly secretSettings: () => SecretSettings
  /** From now on secrets are left out of what agents of this folder send. */
  readonly alwaysLeaveOut: (folder: string, traceId: string) => void
}

/**
 * What a person lets through of the secrets in a request: the values that may be sent. Asks about those that nobody has decided on and
 * waits; where nobody is there to ask, in tasks, they are left out. Rejects with the signal's reason.
 */
export async function allowedSecrets(ports: SecretPorts, turn: Turn, messages: readonly ModelMessage[], provider: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const { found: keys, personal, leaveOutIn } = ports.secretSettings()
  const ruleOf = ({ isPersonal }: PlacedSecret) => (isPersonal ? personal : keys)
  const all = secretsInMessages(messages, { keys: keys !== 'leave-out', personal: personal === 'ask' })
  const found = all.filter((each) => ruleOf(each) === 'ask')
  const sent = all.filter((each) => ruleOf(each) === 'send').map(({ value }) => value)
  if (found.length === 0) return new Set(sent)
  const session = ports.store.sessions.get(turn.run.sessionId)
  const folder = session?.workspaceId ? (ports.store.workspaces.get(session.workspaceId)?.path ?? null) : null
  if ((folder !== null && leaveOutIn.includes(folder)) || isUnattended(ports, turn.run.sessionId)) return new Set(sent)
  const marks = new Map(found.map(({ value }) => [value, ports.sha256(value).slice(0, 16)]))
  const decided = decisionsOf(ports, turn.run.sessionId)
  const open = found.filter(({ value }) => !decided.has(marks.get(value) ?? ''))
  if (open.length > 0) {
    const asked = open.map(({ value }) => marks.get(value) ?? '')
    const { answer } = await askPerson(ports, turn, requestFor(open, asked, provider, folder !== null), signal)
    for (const mark of asked) decided.set(mark, answer.decision === 'once')
    if (answer.decision === 'always' && folder !== null) ports.alwaysLeaveOut(folder, turn.source.traceId)
  }
  return new Set([...sent, ...found.flatMap(({ value }) => (decided.get(marks.get(value) ?? '') ? [value] : []))])
}

/** The choke point of everything that goes to a provider: what no person let through is left out. */
export function withoutSecrets(request: ModelRequest, sought: Sought): ModelRequest {
  if (!sought.keys && !sought.personal) return request
  const allowed = request.allowedSecrets ?? new Set<string>()
  const clean = (text: string) => leaveOut(text, findSought(text, sought), allowed)
  const messages = request.messages.map((message): ModelMessage => {
    if (message.role === 'assistant') return message
    const text = message.role === 'user' ? message.text : message.content
    const cleaned = secretsInMessages([message], sought).length === 0 ? text : clean(text)
    if (cleaned === text) return message
    return message.role === 'user' ? { ...message, text: cleaned } : { ...message, content: cleaned }
  })
  // Trestle wrote it: no details of people but those that the person put into the rules.
  return { ...request, system: leaveOut(request.system, findSought(request.system, { ...sought, personal: false }), allowed), messages }
}

/** What was decided in this conversation stays so: what was sent once is known to the provider. */
function decisionsOf({ store }: SecretPorts, sessionId: string): Map<string, boolean> {
  const decided = new Map<string, boolean>()
  for (const { kind, arguments: args, answer } of store.requests.list({ status: 'answered', sessionId, limit: MOST_REMEMBERED }).items) {
    if (kind !== 'secrets' || !Array.isArray(args['marks'])) continue
    for (const mark of args['marks']) decided.set(String(mark), answer?.decision === 'once')
  }
  return decided
}

function isUnattended({ store }: SecretPorts, sessionId: string): boolean {
  for (let at: string | null = sessionId; at !== null;) {
    const agent = store.agents.get(at)
    if (agent?.level === 'task') return true
    at = agent?.parentSessionId ?? null
  }
  return false
}

function requestFor(open: readonly PlacedSecret[], marks: readonly string[], provider: string, hasFolder: boolean) {
  const only = open.length === 1 ? open[0] : undefined
  return {
    kind: 'secrets' as const, callId: `secrets-${marks.join('-').slice(0, 200)}`, toolName: 'send', arguments: { marks },
    title: only ? `${only.where} has what looks like ${only.what}. Send it to ${provider}?` : `What is about to be sent to ${provider} has what looks like ${open.length} ${kindWords(open)}. Send them?`,
    reason: 'Nothing has been sent yet. Left out, the agent is told that something stood there, and goes on.',
    decisions: hasFolder ? (['reject', 'always', 'once'] as const).slice() : (['reject', 'once'] as const).slice(), choices: [],
    preview: { kind: 'secrets' as const, found: open.slice(0, MOST_SHOWN).map(({ what, where, value }) => ({ what, where, shown: masked(value) })), more: Math.max(0, open.length - MOST_SHOWN) },
  }
}

function kindWords(open: readonly PlacedSecret[]): string {
  if (open.every(({ isPersonal }) => isPersonal)) return 'personal details'
  return open.some(({ isPersonal }) => isPersonal) ? 'secrets and personal details' : 'secrets'
}
