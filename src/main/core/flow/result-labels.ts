import type { FlowLabel } from '#contract/flow'
import type { CallOutcome } from '../agent/tool-ports'
import type { PreparedCall, Tool } from '../tools/tool'
import { isSecretPath, isVendored, looksSecret } from './private-text'

export interface ResultSource {
  readonly tool: Pick<Tool, 'name' | 'capability' | 'untrusted'>
  readonly call: Pick<PreparedCall, 'paths' | 'hosts' | 'confinement'>
  /** Of the folder. */
  readonly trusted: boolean
  /** What another agent has read that worked for this one. */
  readonly ofAgent: (sessionId: string) => readonly FlowLabel[]
  /** What the agent of a task has read whose result this has. */
  readonly ofTask: (taskId: string) => readonly FlowLabel[]
}

/** What the model has read once it gets this result. */
export function resultLabels({ outcome, output: { content, details }, error }: CallOutcome, { tool, call, trusted, ofAgent, ofTask }: ResultSource): FlowLabel[] {
  // What failed before it read anything is told in our own words.
  if ((outcome !== 'success' && outcome !== 'error') || error) return []
  const labels: FlowLabel[] = []
  const untrusted = (why: string) => labels.push({ label: 'untrusted', why: why.slice(0, 300) })
  const secret = (why: string) => labels.push({ label: 'private', why: why.slice(0, 300) })
  const [path] = call.paths
  const readsFiles = tool.capability === 'read'
  if (tool.untrusted) untrusted(`what ${tool.name} returned${call.hosts && call.hosts.length > 0 ? ` from ${call.hosts.join(', ')}` : ''}`)
  if (details?.kind === 'memory' && details.untrusted) untrusted('an item of the memory that came from outside')
  if (details?.kind === 'memory' && details.sensitive) secret('a sensitive item of the memory')
  if (readsFiles && !trusted) untrusted(`${path ?? 'files'} in a folder that is not trusted`)
  if (readsFiles && path !== undefined && isVendored(path)) untrusted(`${path}, which others wrote`)
  if (details?.kind === 'command') {
    const { sandboxed, hosts } = call.confinement ?? { sandboxed: false, hosts: [] }
    if (sandboxed && hosts.length > 0) untrusted(`the output of a command that reached ${hosts.join(', ')}`)
    if (!sandboxed) secret('a command outside of the sandbox, which can read all files of yours')
    const words = wordsOf(details.command)
    const [others, secretWord] = [words.find(isVendored), words.find(isSecretPath)]
    if (others !== undefined) untrusted(`${others}, which others wrote`)
    if (secretWord !== undefined) secret(`a command that names ${secretWord}`)
  }
  const secretPath = call.paths.find(isSecretPath)
  if (secretPath !== undefined) secret(secretPath)
  else if (!tool.untrusted && looksSecret(content)) secret(`${path ?? `a result of ${tool.name}`}: it has what looks like a key or a password`)
  if (details?.kind === 'agent') labels.push(...ofAgent(details.sessionId).map(({ label, why }) => ({ label, why: `${why} (read by the agent ${details.title})`.slice(0, 300) })))
  if (details?.kind === 'tasks') labels.push(...new Map(details.taskIds.flatMap(ofTask).map(({ label, why }) => [`${label} ${why}`, { label, why: `${why} (read for a task)`.slice(0, 300) }])).values())
  return labels
}

/** What could be paths; how a shell reads them cannot be known. */
function wordsOf(command: string): string[] {
  return command.slice(0, 20_000).split(/[\s"'`=:;|&<>(){}$,]+/).filter(Boolean)
}
