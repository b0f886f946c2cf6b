import type { Entry, ToolCall } from '#contract/entries'
import type { Flow, FlowSource } from '#contract/flow'
import { textOf } from '../guardrails/policies'
import type { PreparedCall, Tool } from '../tools/tool'
import { hasBoth, sourcesOf } from './labels'
import { quotesPrivate } from './quoted'

/** Of what is shown to a person before it is sent. */
const MOST_CHARS = 20_000
const MOST_SHOWN = 6

/** What would go where by this call, if it sends anything and its run has read what was untrusted and what is private, or it repeats what is private; else null. */
export function flowOf(tool: Tool, prepared: PreparedCall, call: ToolCall, path: readonly Entry[]): Flow | null {
  const to = receiversOf(tool, prepared)
  if (to.length === 0) return null
  const sources = sourcesOf(path)
  const why = hasBoth(sources) ? 'both' : quotesPrivate(path, textWithout(call, prepared.hosts ?? prepared.confinement?.hosts ?? [])) ? 'quoted' : null
  return why && { why, to, what: whatOf(call), sources: [...newest(sources, 'untrusted'), ...newest(sources, 'private')] }
}

/** The arguments, without where they go: an address may be among what is private. */
function textWithout(call: ToolCall, hosts: readonly string[]): string {
  return hosts.reduce((text, host) => text.replaceAll(host, ' '), textOf(call.arguments))
}

/** Empty: nothing leaves this computer or the sandbox by it. */
export function receiversOf({ name, capability, sends = false }: Pick<Tool, 'name' | 'capability' | 'sends'>, { hosts = [], confinement }: Pick<PreparedCall, 'hosts' | 'confinement'>): string[] {
  if (capability === 'execute') return confinement?.sandboxed ? [...confinement.hosts] : ['anywhere: it would run outside of the sandbox']
  if (!sends && capability !== 'network') return []
  return hosts.length > 0 ? [...hosts] : [`wherever ${name} sends it`]
}

function newest(sources: readonly FlowSource[], label: FlowSource['label']): FlowSource[] {
  return sources.filter((source) => source.label === label).slice(-MOST_SHOWN)
}

function whatOf(call: ToolCall): string {
  const { command, url } = call.arguments
  const text = typeof command === 'string' ? command : typeof url === 'string' && Object.keys(call.arguments).length === 1 ? url : JSON.stringify(call.arguments, null, 2)
  return text.length <= MOST_CHARS ? text : `${text.slice(0, MOST_CHARS)}…`
}
