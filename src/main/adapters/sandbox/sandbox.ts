import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '#core/errors'
import type { Confined, ConfinedEnd, Sandbox, SandboxPolicy, SandboxStatus } from '#core/ports/sandbox'
import { sandboxLimits } from '#core/sandbox/limits'
import { type Bridge, bubblewrapArguments, findBridge, isTooMuch, proxyEnvironment, type SeenFolder } from './bubblewrap'
import { type HostProxy, openHostProxy, type Resolve } from './host-proxy'
import { killInside, usageInside } from './process-usage'
import { madeSince, scanWalls, type Walls } from './scan-walls'

const MOST_WALLS = 1500
const LOOK_MS = 5000
const run = promisify(execFile)

export interface SandboxOptions {
  /** Ours: never seen by a command. A folder that exists. */
  readonly profile: string
  readonly environment?: NodeJS.ProcessEnv
  readonly home?: string
  /** Where it is looked for. */
  readonly program?: string
  readonly bridge?: Bridge | null
  readonly resolve?: Resolve
}

/** Bubblewrap. */
export function createLinuxSandbox(options: SandboxOptions): Sandbox {
  const program = options.program ?? ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'].find((file) => existsSync(file)) ?? null
  const profile = realpathSync(options.profile)
  const home = realOr(options.home ?? homedir())
  const path = (options.environment ?? process.env)['PATH'] ?? ''
  const bridge = options.bridge === undefined ? findBridge(process.execPath, 'electron' in process.versions) : options.bridge
  const scratch = join(profile, 'sandbox')
  let status: SandboxStatus = { state: 'off', kind: null, network: false, why: 'It has not been tried yet.' }

  const wrap = (policy: SandboxPolicy, walls: Walls, script: string, proxy: { readonly socketPath: string; readonly bridge: Bridge } | null, more: readonly SeenFolder[]) => {
    const own = join(scratch, policy.sessionId.replace(/[^\w-]/g, '_'))
    const [temporary, scratchHome] = [join(own, 'tmp'), join(own, 'home')]
    for (const folder of [temporary, scratchHome]) mkdirSync(folder, { recursive: true, mode: 0o700 })
    return bubblewrapArguments({ workspace: policy.workspace, walls: walls.present, home, profile, temporary, scratchHome, path, proxy, limits: policy.limits, script, more, errorsApart: policy.errorsApart ?? false })
  }

  const confine = async (policy: SandboxPolicy, script: string): Promise<Confined> => {
    if (program === null || isTooMuch(policy.workspace)) throw cannot('this folder is a part of the system')
    if (!existsSync(policy.workspace)) throw new AppError('WORKSPACE_UNAVAILABLE', 'The folder to run the command in does not exist any more')
    const walls = await holdHooks(policy.workspace)
    if (walls.present.length > MOST_WALLS) throw cannot('the folder has too many protected files')
    const more = await lookAt(policy)
    const network = policy.hosts.length === 0 ? null : await openNetwork(policy.hosts, bridge, options.resolve)
    try {
      const args = wrap(policy, walls, script, network, more)
      return { file: program, args, environment: { TMPDIR: '/tmp', ...(network && proxyEnvironment) }, usage: usageInside, kill: killInside, end: () => endOf(policy.workspace, walls, network) }
    } catch (error) {
      network?.close()
      throw cannot('its temporary folder could not be made', error)
    }
  }

  return {
    status: () => status,
    look: async () => {
      status = program === null ? { ...off, why: 'bubblewrap (bwrap) is not installed.' } : await tryOut(program, confine, scratch, bridge !== null)
      return status
    },
    confine,
    tidy: async () => {
      try {
        const old = mkdtempSync(join(profile, 'sandbox-old-'))
        await rename(scratch, join(old, 'sandbox')).catch(() => undefined)
        // There may be many files; nobody waits for it.
        for (const name of readdirSync(profile)) if (name.startsWith('sandbox-old-')) void rm(join(profile, name), { recursive: true, force: true }).catch(() => undefined)
      } catch {
        // The next start tries again.
      }
    },
  }
}

async function lookAt({ folders = [] }: SandboxPolicy): Promise<SeenFolder[]> {
  const seen: SeenFolder[] = []
  for (const { path, write } of folders) {
    const real = realOr(path)
    if (!existsSync(real)) throw new AppError('WORKSPACE_UNAVAILABLE', `The folder ${path} that it may see does not exist any more`)
    if (isTooMuch(real)) throw cannot(`${path} is a part of the system`)
    seen.push({ path: real, write, walls: write ? (await holdHooks(real)).present : [] })
  }
  if (seen.reduce((sum, { walls }) => sum + walls.length, 0) > MOST_WALLS) throw cannot('its folders have too many protected files')
  return seen
}

const off = { state: 'off', kind: 'bubblewrap', network: false } as const

/** Runs a command that must not be able to write beside the workspace, and has no network. */
async function tryOut(program: string, confine: Sandbox['confine'], scratch: string, network: boolean): Promise<SandboxStatus> {
  const workspace = join(scratch, 'look')
  try {
    mkdirSync(workspace, { recursive: true, mode: 0o700 })
    const script = `echo in > inside; echo out > ${JSON.stringify(join(scratch, 'outside'))}; [ "$(cat inside)" = in ] && echo works`
    const { args } = await confine({ workspace, sessionId: 'look', hosts: [], limits: sandboxLimits }, script)
    const { stdout } = await run(program, args, { timeout: LOOK_MS, env: { PATH: '/usr/bin:/bin' } })
    if (existsSync(join(scratch, 'outside'))) return { ...off, why: 'bubblewrap ran a command, but did not confine it.' }
    if (stdout.endsWith('works\n')) return { state: 'on', kind: 'bubblewrap', network, why: null }
    return { ...off, why: 'bubblewrap did not run a command as it should.' }
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    const line = said.split('\n').find((each) => each.startsWith('bwrap:'))?.slice(0, 200)
    return { ...off, why: line === undefined ? 'bubblewrap could not be started.' : `bubblewrap does not work here: ${line.slice('bwrap: '.length)}` }
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}

/** A repository without hooks gets the folder for them, empty: only what is there can be held. */
async function holdHooks(workspace: string): Promise<Walls> {
  const walls = await scanWalls(workspace)
  const made: string[] = []
  for (const folder of walls.gitFolders) {
    const hooks = `${folder}/hooks`
    if (existsSync(join(workspace, hooks))) continue
    try {
      mkdirSync(join(workspace, hooks))
      made.push(hooks)
    } catch {
      // Not ours to write: then not the command's either.
    }
  }
  return made.length === 0 ? walls : { ...walls, present: [...walls.present, ...made], marks: new Map([...walls.marks, ...made.map((path) => [path, 'present'] as const)]) }
}

interface Network {
  readonly socketPath: string
  readonly bridge: Bridge
  readonly proxy: HostProxy
  close(): void
}

async function openNetwork(hosts: readonly string[], bridge: Bridge | null, resolve: Resolve | undefined): Promise<Network> {
  if (!bridge) throw cannot('the program socat, which carries its network, is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'trestle-net-'))
  const socketPath = join(folder, 'proxy')
  const proxy = await openHostProxy({ socketPath, hosts, ...(resolve && { resolve }) })
  return {
    socketPath, bridge, proxy,
    close: () => {
      proxy.close()
      rmSync(socketPath, { force: true })
      rmdirSync(folder)
    },
  }
}

async function endOf(workspace: string, before: Walls, network: Network | null): Promise<ConfinedEnd> {
  const refusedHosts = network?.proxy.refused() ?? []
  try {
    network?.close()
  } catch {
    // An empty folder stays.
  }
  return { madeProtected: madeSince(before, await scanWalls(workspace)), refusedHosts }
}

function cannot(why: string, cause?: unknown): AppError {
  return new AppError('SERVICE_UNAVAILABLE', `The command could not be confined: ${why}. It did not run.`, { cause })
}

function realOr(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
