import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '#core/errors'
import type { Confined, Sandbox, SandboxPolicy, SandboxStatus } from '#core/ports/sandbox'
import { sandboxLimits } from '#core/sandbox/limits'
import { madeSince, scanWalls } from './scan-walls'
import type { SandboxOptions } from './sandbox'
import { seatbeltProfile } from './seatbelt'

const LOOK_MS = 5000
const run = promisify(execFile)

/** Seatbelt. Without network: a proxy for single hosts is not offered here. */
export function createMacSandbox(options: SandboxOptions): Sandbox {
  const program = options.program ?? '/usr/bin/sandbox-exec'
  const profile = realpathSync(options.profile)
  const home = options.home ?? homedir()
  const scratch = join(profile, 'sandbox')
  const off = { state: 'off', kind: 'seatbelt', network: false } as const
  let status: SandboxStatus = { ...off, why: 'It has not been tried yet.' }

  const confine = async (policy: SandboxPolicy, script: string): Promise<Confined> => {
    if (policy.hosts.length > 0) throw new AppError('SERVICE_UNAVAILABLE', 'Single hosts cannot be opened to commands on macOS. The command did not run.')
    const temporary = join(scratch, policy.sessionId.replace(/[^\w-]/g, '_'))
    mkdirSync(temporary, { recursive: true, mode: 0o700 })
    const walls = await scanWalls(policy.workspace)
    const more = await Promise.all((policy.folders ?? []).filter(({ write }) => write).map(async ({ path }) => {
      const { present, gitFolders } = await scanWalls(path)
      return { path, walls: [...present, ...gitFolders.map((folder) => `${folder}/hooks`)].map((wall) => join(path, wall)) }
    }))
    const text = seatbeltProfile({ more, workspace: policy.workspace, walls: [...walls.present, ...walls.gitFolders.map((folder) => `${folder}/hooks`)], home, profile, temporary: realpathSync(temporary), proxyPort: null })
    const limited = `ulimit -f ${Math.floor(policy.limits.fileBytes / 512)}; exec /bin/sh -c "$1"${policy.errorsApart === true ? '' : ' 2>&1'}`
    return {
      file: program, args: ['-p', text, '/bin/sh', '-c', limited, 'sh', script], environment: { TMPDIR: temporary }, usage: () => null, kill: () => undefined,
      end: async () => ({ madeProtected: madeSince(walls, await scanWalls(policy.workspace)), refusedHosts: [] }),
    }
  }
  return {
    status: () => status,
    look: async () => {
      status = existsSync(program) ? await tryOut(program, confine, scratch) : { ...off, why: 'sandbox-exec is not there.' }
      return status
    },
    confine,
    tidy: () => Promise.resolve(rmSync(scratch, { recursive: true, force: true })),
  }
}

async function tryOut(program: string, confine: Sandbox['confine'], scratch: string): Promise<SandboxStatus> {
  const workspace = join(scratch, 'look')
  const off = { state: 'off', kind: 'seatbelt', network: false } as const
  try {
    mkdirSync(workspace, { recursive: true, mode: 0o700 })
    const { args } = await confine({ workspace: realpathSync(workspace), sessionId: 'look-session', hosts: [], limits: sandboxLimits }, `echo out > ${JSON.stringify(join(scratch, 'outside'))}; echo works`)
    const { stdout } = await run(program, args, { timeout: LOOK_MS, env: { PATH: '/usr/bin:/bin' } })
    if (existsSync(join(scratch, 'outside'))) return { ...off, why: 'sandbox-exec ran a command, but did not confine it.' }
    return stdout.endsWith('works\n') ? { state: 'on', kind: 'seatbelt', network: false, why: null } : { ...off, why: 'sandbox-exec did not run a command as it should.' }
  } catch {
    return { ...off, why: 'sandbox-exec could not be started.' }
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}
