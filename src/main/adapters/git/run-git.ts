import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'

const MOST_BYTES = 64 * 1024 * 1024
const LONGEST_MS = 30_000

export type GitSettings = readonly (readonly [key: string, value: string])[]

export interface GitRun {
  readonly root: string
  readonly args: readonly string[]
  /** Outrank every configuration file. */
  readonly settings: GitSettings
  readonly environment: NodeJS.ProcessEnv
}

/** What it printed, or null when it failed, is not installed, printed too much or took too long. Throws the signal's reason. */
export async function runGit({ root, args, settings, environment }: GitRun, signal: AbortSignal): Promise<Buffer | null> {
  signal.throwIfAborted()
  const output = await new Promise<Buffer | null>((resolve) => {
    // Not started inside the folder: some systems look for programs in the current one first.
    const child = spawn('git', ['--no-pager', '--no-optional-locks', '--literal-pathspecs', '-C', root, ...args], {
      cwd: tmpdir(), env: environmentOf(environment, settings), stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true,
    })
    const chunks: Buffer[] = []
    let bytes = 0
    const kill = () => void child.kill('SIGKILL')
    const timer = setTimeout(kill, LONGEST_MS)
    signal.addEventListener('abort', kill, { once: true })
    const end = (result: Buffer | null) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', kill)
      resolve(result)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_BYTES) kill()
      else chunks.push(chunk)
    })
    child.on('error', () => end(null))
    child.on('close', (code) => end(code === 0 ? Buffer.concat(chunks) : null))
  })
  signal.throwIfAborted()
  return output
}

const passed: ReadonlySet<string> = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'XDG_CONFIG_HOME', 'SYSTEMROOT', 'USERPROFILE', 'APPDATA', 'PATHEXT', 'COMSPEC', 'TMPDIR', 'TEMP'])

function environmentOf(own: NodeJS.ProcessEnv, settings: GitSettings): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(Object.entries(own).filter(([name]) => passed.has(process.platform === 'win32' ? name.toUpperCase() : name))),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: '',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(settings.flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]])),
  }
}
