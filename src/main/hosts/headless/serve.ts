import { createRouterClient } from '@orpc/server'
import { resolve } from 'node:path'
import { AppError } from '#core/errors'
import { newId, systemClock } from '../../adapters/node/system'
import { composeRuntime, type ComposedRuntime } from '../shared/compose-runtime'
import { runPendingAction } from '../shared/profile-files'
import { prepareProfile } from '../shared/profile'
import { defaultProfilePath } from '../shared/profile-path'
import { newTraceId } from '../shared/trace-id'
import { version } from '../shared/version'
import type { Command, ServeOptions } from './arguments'
import { prepareDemo, useDemoModel } from './demo'
import { listenOn } from './listen'
import { createCredentials, isUsableToken, newToken } from './server/credentials'
import { createHttpServer, type HttpServer } from './server/http-server'
import { isLoopbackHost, nameOf } from './server/origin'
import { rateProfiles } from './server/rate-limiter'
import { onStopSignals, shutDown } from './shutdown'

const RESTART_MS = 50

export interface ServeHost {
  /** Folder of the built window. */
  readonly windowRoot: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** One line for the person. */
  readonly say: (line: string) => void
  /** Sets what happens to an error that nobody caught. */
  readonly onUncaught: (handle: (error: unknown) => void) => void
}

type ServeCommand = Extract<Command, { readonly kind: 'serve' | 'demo' }>

/**
 * Starts everything in order, prints the ready line, and stays until a signal; started anew from inside, it comes back on
 * the same port with the same token. Throws AppError when it cannot start.
 */
export async function serve(command: ServeCommand, host: ServeHost): Promise<void> {
  const token = tokenFrom(host.environment)
  const { profile, options } = await prepare(command, host.environment)
  const current: { round: Round | null } = { round: null }
  onStopSignals((signal) => {
    current.round?.logger.info('host.stopping', { signal })
    void (current.round?.stop() ?? Promise.resolve(0)).then((code) => process.exit(code))
  })
  let port = options.port
  for (;;) {
    const round = await startRound({ command, host, token, profile, options: { ...options, port } }, (started) => { current.round = started })
    if (port === null || port === 0) port = round.port
    await round.restartAsked
    await round.stop()
  }
}

interface Round {
  readonly port: number
  readonly logger: ComposedRuntime['logger']
  readonly restartAsked: Promise<void>
  stop(): Promise<number>
}

interface RoundOptions {
  readonly command: ServeCommand
  readonly host: ServeHost
  readonly token: string
  readonly profile: string
  readonly options: ServeOptions
}

/** One life of the runtime and its server. */
async function startRound({ command, host, token, profile, options }: RoundOptions, onStarted: (round: Round) => void): Promise<Round> {
  const { windowRoot, environment, say, onUncaught } = host
  const ports: number[] = []
  let askRestart = () => {}
  const restartAsked = new Promise<void>((resolve) => { askRestart = resolve })
  const startNotice = await runPendingAction({ profile, clock: systemClock, newId, appVersion: version })
  const composed = composeRuntime({
    profile, environment, ownPorts: () => ports, startNotice,
    host: {
      kind: 'headless', version, platform: process.platform, pickFolder: null, versions: { node: process.versions.node },
      // The answer leaves first.
      restart: () => void setTimeout(askRestart, RESTART_MS),
    },
  })
  const { runtime, logger, reportBug, clock, repeats } = composed
  onUncaught((error) => crash(error, composed, say))
  const server = createHttpServer({
    router: runtime.router, events: runtime.events, isReady: () => runtime.isReady(),
    credentials: createCredentials(token), onLogin: (login) => runtime.noteLogin(login), rates: rateProfiles, clock, version, windowRoot, reportBug, repeats,
  })
  const round = { port: 0, logger, restartAsked, stop: () => stop(composed, server) }
  onStarted(round)
  try {
    await runtime.start()
    await openWorkspace(composed, command, options)
    ports.push(await listenOn(server, options, say))
  } catch (error) {
    await round.stop()
    throw error
  }
  if (!isLoopbackHost(options.host)) say(`warning: other machines can reach ${options.host}; whoever has the token can run commands here as you`)
  process.stdout.write(`${JSON.stringify(readyLine(options.host, ports[0] ?? 0, token))}\n`)
  logger.info('host.ready', { port: ports[0], pid: process.pid, version })
  composed.warmUp()
  return { ...round, port: ports[0] ?? 0 }
}

function tokenFrom(environment: ServeHost['environment']): string {
  const given = environment['TRESTLE_TOKEN']
  if (!given) return newToken()
  if (isUsableToken(given)) return given
  throw new AppError('INVALID_PARAMETERS', 'TRESTLE_TOKEN needs 16 to 200 letters, digits and . _ ~ + -')
}

async function prepare(command: ServeCommand, environment: ServeHost['environment']): Promise<{ readonly profile: string; readonly options: ServeOptions }> {
  const usual = defaultProfilePath(process.platform, environment)
  const { options } = command
  if (command.kind === 'serve') return { profile: await prepareProfile(options.profile ?? usual), options }
  const demo = await prepareDemo(options.profile ?? `${usual}-demo`, { fresh: command.fresh })
  return { profile: demo.profile, options: options.workspace === null ? { ...options, workspace: demo.workspace, trust: true } : options }
}

/** In-process, by the same calls that a script would make. */
async function openWorkspace({ runtime }: ComposedRuntime, command: ServeCommand, { workspace, trust }: ServeOptions): Promise<void> {
  const client = createRouterClient(runtime.router, { context: { traceId: newTraceId() } })
  if (command.kind === 'demo') await useDemoModel(client)
  if (workspace === null) return
  const opened = await client.workspaces.open({ path: resolve(workspace) })
  if (trust) await client.workspaces.trust({ id: opened.id, trusted: true })
}

function stop({ runtime, close, clock, logger }: ComposedRuntime, server: HttpServer): Promise<number> {
  return shutDown({ stopIntake: server.stopIntake, stopRuntime: (graceMs) => runtime.stop(graceMs), closeServer: server.close, closeHost: close }, { clock, logger })
}

function crash(error: unknown, { logger }: ComposedRuntime, say: (line: string) => void): void {
  logger.error('host.crashed', { error })
  say('stopped by an error inside Trestle; the log in the profile has the details, and nothing that was acknowledged is lost')
  process.exit(1)
}

function readyLine(host: string, port: number, token: string) {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : nameOf(host)
  const base = `http://${reachable}:${port}`
  return { event: 'ready', url: `${base}/#token=${token}`, api: `${base}/api/v1`, token, pid: process.pid, version }
}
