import type { McpResource } from '#contract/mcp'
import type { SlashCommand } from './slash-command'

/** What is being typed that can be completed: a piece of the text, and what it asks for. */
export type Wanted =
  | { readonly kind: 'command'; readonly from: number; readonly to: number; readonly query: string }
  | { readonly kind: 'argument'; readonly from: number; readonly to: number; readonly query: string; readonly command: string }
  | { readonly kind: 'file'; readonly from: number; readonly to: number; readonly query: string }

const longestQuery = 200

/** Looks at the text before the caret; nothing is wanted in the middle of a word or inside of an address. */
export function wantedAt(text: string, caret: number): Wanted | null {
  const before = text.slice(0, caret)
  const [, name] = /^\/([\w-]*)$/.exec(before) ?? []
  if (name !== undefined) return { kind: 'command', from: 0, to: caret, query: name }
  const [, command, argument] = /^\/([\w-]+) ([^\n]*)$/.exec(before) ?? []
  if (command !== undefined && argument !== undefined) return { kind: 'argument', from: command.length + 2, to: caret, query: argument, command }
  const [whole, quote, path] = /(?:^|(?<=[\s(]))@("?)([^\s"@]*(?:(?<=")[^"]*)?)$/.exec(before.slice(-longestQuery)) ?? []
  if (whole === undefined || path === undefined) return null
  return { kind: 'file', from: caret - whole.length, to: caret, query: quote === '"' ? path : path }
}

export interface Completion {
  readonly key: string
  readonly label: string
  readonly note: string
  /** What takes the place of the wanted piece. */
  readonly insert: string
  /** A folder: what is in it can be completed next. */
  readonly goesOn: boolean
  /** A file to be attached. */
  readonly path: string | null
  /** Of an MCP server, to be attached. */
  readonly resource?: McpResource
}

const maxShown = 50

export function commandCompletions(commands: readonly SlashCommand[], query: string): readonly Completion[] {
  const sought = query.toLowerCase()
  const found = commands.filter(({ name }) => name.startsWith(sought))
  const inside = commands.filter(({ name, description }) => !name.startsWith(sought) && sought !== '' && `${name} ${description.toLowerCase()}`.includes(sought))
  return [...found, ...inside].map(({ name, description, argument }) => ({
    key: name, label: `/${name}${argument === undefined ? '' : ` ${argument}`}`, note: description, insert: `/${name} `, goesOn: true, path: null,
  }))
}

export function argumentCompletions(command: SlashCommand | undefined, query: string): readonly Completion[] {
  // A whole one, with or without more behind it, is not completed to another.
  if (command?.choices?.some(({ value }) => value === query || query.startsWith(`${value} `))) return []
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return (command?.choices ?? [])
    .filter(({ value, note = '' }) => words.every((word) => `${value} ${note}`.toLowerCase().includes(word)))
    .slice(0, maxShown)
    .map(({ value, note = '', goesOn = false }) => ({ key: value, label: value, note, insert: goesOn ? `${value} ` : value, goesOn, path: null }))
}

const maxResources = 8

/** Those whose name, server or address has the words. */
export function resourceCompletions(resources: readonly McpResource[], query: string): readonly Completion[] {
  const sought = query.toLowerCase()
  return resources.filter(({ server, name, uri }) => `${server} ${name} ${uri}`.toLowerCase().includes(sought)).slice(0, maxResources).map((resource) => ({
    key: `${resource.serverId} ${resource.uri}`, label: `${resource.server}: ${resource.name}`, note: resource.uri, insert: '', goesOn: false, path: null, resource,
  }))
}

/** Folders that found files are in come first, then the files. */
export function fileCompletions(paths: readonly string[], folders: readonly string[]): readonly Completion[] {
  return [
    ...folders.map((path) => ({ key: `${path}/`, label: `${path}/`, note: 'folder', insert: mention(`${path}/`, false), goesOn: true, path: null })),
    ...paths.map((path) => ({ key: path, label: path, note: '', insert: mention(path, true), goesOn: false, path })),
  ].slice(0, maxShown)
}

/** A path with spaces is put into quotation marks. */
function mention(path: string, isWhole: boolean): string {
  return /[\s"]/.test(path) ? `@"${path.replaceAll('"', '')}${isWhole ? '" ' : ''}` : `@${path}${isWhole ? ' ' : ''}`
}
