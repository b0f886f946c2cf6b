import type { McpProposal, McpServer, NewMcpServer } from '#contract/mcp'

/** A server as the form has it. */
export interface Draft {
  readonly name: string
  readonly where: 'user' | 'workspace'
  readonly kind: 'stdio' | 'http'
  readonly command: string
  /** Exactly as they will be given. */
  readonly args: readonly string[]
  readonly url: string
  readonly secrets: readonly { readonly name: string; readonly value: string }[]
  /** A folder per line. */
  readonly folders: string
  readonly writable: boolean
  /** A host per line. */
  readonly hosts: string
  readonly sandboxed: boolean
  readonly seconds: string
  readonly notes: readonly string[]
}

export const emptyDraft: Draft = {
  name: '', where: 'user', kind: 'stdio', command: '', args: [], url: '', secrets: [], folders: '', writable: false, hosts: '', sandboxed: true, seconds: '60', notes: [],
}

export function draftOfProposal({ name, transport, secrets, notes }: McpProposal): Draft {
  return { ...emptyDraft, ...draftOfTransport(transport), name, notes, secrets: Object.entries(secrets).map(([key, value]) => ({ name: key, value })) }
}

/** Values are not given back: an empty one stays as it is. */
export function draftOfServer({ name, workspaceId, transport, timeoutMs }: McpServer): Draft {
  const names = transport.kind === 'http' ? transport.headers : transport.variables
  return {
    ...emptyDraft, ...draftOfTransport(transport), name, where: workspaceId === null ? 'user' : 'workspace', seconds: String(Math.round(timeoutMs / 1000)), secrets: names.map((key) => ({ name: key, value: '' })),
  }
}

function draftOfTransport(transport: NewMcpServer['transport']): Partial<Draft> {
  if (transport.kind === 'http') return { kind: 'http', url: transport.url }
  const { command, args, folders, hosts, sandboxed } = transport
  return { kind: 'stdio', command, args, folders: folders.map(({ path }) => path).join('\n'), writable: folders.some(({ write }) => write), hosts: hosts.join('\n'), sandboxed }
}

export function serverOf(draft: Draft, workspaceId: string | null): NewMcpServer {
  const secrets = draft.secrets.filter(({ name }) => name !== '')
  const names = secrets.map(({ name }) => name)
  return {
    name: draft.name.trim(), workspaceId: draft.where === 'workspace' ? workspaceId : null, timeoutMs: Math.max(1, Math.trunc(Number(draft.seconds)) || 60) * 1000,
    secrets: Object.fromEntries(secrets.filter(({ value }) => value !== '').map(({ name, value }) => [name, value])),
    transport: draft.kind === 'http' ? { kind: 'http', url: draft.url.trim(), headers: names } : {
      kind: 'stdio', command: draft.command.trim(), args: [...draft.args], variables: names, hosts: lines(draft.hosts), sandboxed: draft.sandboxed,
      folders: lines(draft.folders).map((path) => ({ path, write: draft.writable })),
    },
  }
}

export function lines(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
}

/** What nobody would see, or would see elsewhere than it is, is written out. */
export function visible(text: string): string {
  return text.replace(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}
