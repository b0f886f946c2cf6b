import { parseArgs } from 'node:util'

export interface ServeOptions {
  /** Null: the folder of the system for data of applications. */
  readonly profile: string | null
  /** Opened at start. */
  readonly workspace: string | null
  readonly trust: boolean
  /** Null: 8080, or another one when that is taken. 0: any. */
  readonly port: number | null
  readonly host: string
}

export type Command =
  | { readonly kind: 'serve'; readonly options: ServeOptions }
  | { readonly kind: 'demo'; readonly options: ServeOptions; readonly fresh: boolean }
  | { readonly kind: 'mcp'; readonly profile: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'bad'; readonly message: string }

export const helpText = `Trestle, a local-first workbench for AI agents

  trestle serve [options]   serve the app, its REST API and its event stream on this machine
  trestle demo [options]    the same, with a sample workspace and a scripted model
  trestle mcp [--profile DIR]
                            be an MCP server over stdin and stdout: sessions, tasks, memory and checkpoints for
                            other programs, as far as Settings, MCP servers, let them

  --profile DIR     where everything durable is kept
  --workspace DIR   open this folder at start
  --trust           trust that folder: agents may use what it configures
  --port N          port (default 8080, or a free one when it is taken; 0 picks one)
  --host H          address to listen on (default 127.0.0.1); others than loopback can be reached by other machines
  --fresh           demo only: start over with a new profile
  --help, --version

One JSON line on stdout says when it is ready: {"event":"ready","url","api","token","pid","version"}

Environment: OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL and TRESTLE_MODEL override the
settings. TRESTLE_TOKEN sets the token (16 to 200 letters, digits and . _ ~ + -). TRESTLE_SECRETS=session keeps keys in
memory instead of the system's keychain.
`

const optionTypes = {
  profile: { type: 'string' },
  workspace: { type: 'string' },
  trust: { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  fresh: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

export function parseCommand(args: readonly string[]): Command {
  const parsed = parse(args)
  if ('message' in parsed) return bad(parsed.message)
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const [name, ...rest] = positionals
  if (name === 'mcp') return mcpCommand(values, rest)
  if (name !== 'serve' && name !== 'demo') return bad(name === undefined ? 'say what to do, serve or demo' : `there is no command "${name}"`)
  if (rest[0] !== undefined) return bad(`unexpected argument "${rest[0]}"`)
  const empty = (['profile', 'workspace', 'host'] as const).find((option) => values[option] === '')
  if (empty) return bad(`--${empty} is empty`)
  if (values.port !== undefined && !isPort(values.port)) return bad(`--port takes a number from 0 to 65535, not "${values.port}"`)
  if (values.trust && values.workspace === undefined && name === 'serve') return bad('--trust needs --workspace')
  if (values.fresh && name === 'serve') return bad('--fresh is for demo only')
  const options: ServeOptions = {
    profile: values.profile ?? null,
    workspace: values.workspace ?? null,
    trust: values.trust ?? false,
    port: values.port === undefined ? null : Number(values.port),
    host: values.host ?? '127.0.0.1',
  }
  return name === 'demo' ? { kind: 'demo', options, fresh: values.fresh ?? false } : { kind: 'serve', options }
}

function mcpCommand(values: Readonly<Record<string, unknown>>, rest: readonly string[]): Command {
  const { profile = null, ...others } = values
  const stray = rest[0] ?? Object.keys(others).map((name) => `--${name}`)[0]
  if (stray !== undefined) return bad(`mcp does not take "${stray}"`)
  if (profile === '') return bad('--profile is empty')
  return { kind: 'mcp', profile: typeof profile === 'string' ? profile : null }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: optionTypes, allowPositionals: true, strict: true })
  } catch (error) {
    return { message: (error instanceof Error ? error.message : String(error)).split('\n')[0]?.split('. ')[0] ?? 'bad arguments' }
  }
}

function bad(message: string): Command {
  return { kind: 'bad', message: `${message}; see trestle --help` }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}
