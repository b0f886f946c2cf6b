import type { HumanRequest } from '#contract/human-requests'

/** What an approval for later calls can be narrowed to. */
export interface GrantScope {
  readonly what: 'files' | 'commands' | 'servers'
  readonly hint: string
  /** From the narrowest to the widest. */
  readonly choices: readonly string[]
}

/** Null where it is for all of them or for none. */
export function scopeOf({ arguments: input, preview }: Pick<HumanRequest, 'arguments' | 'preview'>): GrantScope | null {
  const { path, url } = input
  if (preview?.kind === 'command') {
    // Where it would reach hosts, these are what is allowed.
    if ((preview.confinement?.hosts ?? []).length > 0) return null
    return { what: 'commands', hint: 'npm test is every command that begins so and runs nothing else.', choices: beginningsOf(preview.command) }
  }
  if (typeof url === 'string') return { what: 'servers', hint: '*.example.com is every name below example.com.', choices: serversOf(url) }
  if (typeof path === 'string') return { what: 'files', hint: 'src/** is everything below src.', choices: foldersOf(path) }
  return null
}

/** Of one that runs a single program: itself, and what it begins with. */
function beginningsOf(command: string): readonly string[] {
  const words = command.trim().split(/\s+/)
  if (words.length > 30 || words.some((word) => !/^[\w./:=@%+,^-]+$/.test(word)) || (words[0] ?? '').includes('=')) return []
  return words.map((_word, index) => words.slice(0, index + 1).join(' ')).toReversed().filter((_text, index, all) => index === 0 || index >= all.length - 2)
}

function serversOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  const { host, hostname } = new URL(url)
  const names = hostname.split('.')
  return [host, ...(names.length > 2 && !/^[\d.]+$/.test(hostname) ? [`*.${names.slice(1).join('.')}`] : [])]
}

/** The file and the folders that it is in. */
function foldersOf(path: string): readonly string[] {
  if (path.startsWith('/')) return []
  const names = path.split('/')
  return [path, ...names.slice(0, -1).map((_name, index) => `${names.slice(0, index + 1).join('/')}/**`).toReversed()]
}
