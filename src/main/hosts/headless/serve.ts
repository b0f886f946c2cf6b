import { createRouterClient } from '@orpc/server'
import { resolve } from 'node:path'
import { AppError } from '#core/errors'
import { composeRuntime, type ComposedRuntime } from '../shared/compose-runtime'
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

/** Starts everything in order, prints the ready line, and stays until a signal. Throws AppError when it cannot start. */
export async function serve(command: ServeCommand, { windowRoot, environment, say, onUncaught }: ServeHost): Promise<void> {
  const token = tokenFrom(environment)
  const { profile, options } = await prepare(command, environment)
  const ports: number[] = []
  const composed = composeRuntime({
    profile, environment, ownPorts: () => ports,
    host: { kind: 'headless', version, platform: process.platform, pickFolder: null },
  })
  const { runtime, logger, reportBug, clock } = composed
  onUncaught((error) => crash(error, composed, say))

  const server = createHttpServer({
    router: runtime.router, events: runtime.events, isReady: () => runtime.isReady(),
    credentials: createCredentials(token), rates: rateProfiles, clock, version, windowRoot, reportBug,
  })
  onStopSignals((signal) => {
    logger.info('host.stopping', { signal })
    void stop(composed, server).then((code) => process.exit(code))
  })
  try {
    await runtime.start()
    await openWorkspace(composed, command, options)
    ports.push(await listenOn(server, options, say))
  } catch (error) {
    await stop(composed, server)
    throw error
  }
  if (!isLoopbackHost(options.host)) say(`warning: other machines can reach ${options.host}; whoever has the token can run commands here as you`)
  process.stdout.write(`${JSON.stringify(readyLine(options.host, ports[0] ?? 0, token))}\n`)
  logger.info('host.ready', { port: ports[0], pid: process.pid, version })
  composed.warmUp()
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
