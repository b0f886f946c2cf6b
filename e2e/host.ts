import { join } from 'node:path'
import { startHost, type HostExit, type HostProcess, type ReadyLine } from '../src/main/hosts/headless/testing/host-process'

const cli = join(import.meta.dirname, '..', 'out', 'headless', 'cli.js')
/** The same in every start, so that an open page finds its way back. */
const TOKEN = 'the-token-of-the-browser-tests'

export interface Host {
  readonly ready: ReadyLine
  /** Stops in order and starts again, on the same port, with the same token and profile. */
  restart(): Promise<void>
  /** Ends the process at once, as a crash or a power cut would. */
  kill(): Promise<void>
  /** After `kill` or `stop`. */
  start(): Promise<void>
  stop(): Promise<HostExit>
}

export interface HostSettings {
  readonly profile: string
  readonly workspace: string | null
  readonly env: Readonly<Record<string, string>>
}

/** A real headless host: the built one, in a process of its own. */
export async function startTestHost({ profile, workspace, env }: HostSettings): Promise<Host> {
  let port = 0
  const launch = async () => {
    const folder = workspace === null ? [] : ['--workspace', workspace, '--trust']
    const launched = await startHost({ cli, args: ['serve', '--profile', profile, '--port', String(port), ...folder], env: { TRESTLE_TOKEN: TOKEN, ...env } })
    port = Number(new URL(launched.ready.api).port)
    return launched
  }
  let host: HostProcess = await launch()
  const start = async () => {
    host = await launch()
  }
  return {
    get ready() {
      return host.ready
    },
    restart: async () => {
      await host.stop()
      await start()
    },
    kill: async () => {
      await host.stop('SIGKILL')
    },
    start,
    stop: () => host.stop(),
  }
}
