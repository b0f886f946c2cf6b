import { existsSync, lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SandboxLimits } from '#core/sandbox/limits'
import { gitConfiguration, hiddenInSystem, isInside, linkOrNull, programFolders, secretsInHome, systemFolders } from './visible-folders'

export const PROXY_PORT = 3128
const PROXY_SOCKET = '/run/trestle-proxy'

export interface WrapFacts {
  readonly workspace: string
  /** Relative; may not be changed. */
  readonly walls: readonly string[]
  readonly home: string
  readonly profile: string
  /** Ours, for /tmp and for the home folder inside. */
  readonly temporary: string
  readonly scratchHome: string
  readonly path: string
  /** The socket of the proxy, and the program that carries connections to it; null: no network. */
  readonly proxy: { readonly socketPath: string; readonly bridge: Bridge } | null
  readonly limits: SandboxLimits
  readonly script: string
  /** Seen beside the workspace. */
  readonly more?: readonly SeenFolder[]
  readonly errorsApart?: boolean
}

export interface SeenFolder {
  readonly path: string
  readonly write: boolean
  /** Relative; may not be changed. */
  readonly walls: readonly string[]
}

/** Carries connections inside to the socket. */
export interface Bridge {
  readonly kind: 'socat' | 'node'
  readonly file: string
}

/** Folders that cannot be opened to commands without opening the system. */
export function isTooMuch(workspace: string): boolean {
  return workspace === '/' || systemFolders.some((folder) => isInside(workspace, folder)) || ['/proc', '/dev', '/sys', '/run', '/tmp'].includes(workspace)
}

/** The arguments of `bwrap`. Later ones lie over earlier ones. */
export function bubblewrapArguments(facts: WrapFacts): string[] {
  return [
    '--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--die-with-parent', '--hostname', 'sandbox',
    ...system(), '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/run', '--symlink', '/tmp', '/var/tmp',
    '--bind', facts.temporary, '/tmp',
    ...(facts.workspace === facts.home ? [] : ['--bind', facts.scratchHome, facts.home]),
    ...programs(facts),
    ...(facts.more ?? []).flatMap((folder) => seen(folder)),
    '--bind', facts.workspace, facts.workspace,
    ...(facts.workspace !== facts.home && isInside(facts.workspace, facts.home) ? ['--bind', facts.scratchHome, facts.home] : []),
    ...walls(facts),
    // Over the walls, which show what is below them.
    ...(isInside(facts.workspace, facts.profile) || (facts.more ?? []).some(({ path }) => isInside(path, facts.profile)) ? hideProfile(facts) : []),
    ...(facts.workspace === facts.home ? secretsInHome.flatMap((name) => hide(join(facts.home, name))) : []),
    ...(facts.proxy ? ['--bind', facts.proxy.socketPath, PROXY_SOCKET] : []),
    ...(facts.proxy?.bridge.kind === 'node' ? ['--ro-bind', facts.proxy.bridge.file, facts.proxy.bridge.file] : []),
    '--remount-ro', '/run', '--remount-ro', '/', '--chdir', facts.workspace, '--', '/bin/sh', '-c', limited(facts), 'sh', facts.script,
  ]
}

function seen({ path, write, walls: paths }: SeenFolder): string[] {
  return write ? ['--bind', path, path, ...walls({ workspace: path, walls: paths })] : ['--ro-bind', path, path]
}

/** What is ours in it stays out of sight, but for the workspace where that is a folder in it. */
function hideProfile({ profile, workspace }: WrapFacts): string[] {
  return ['--tmpfs', profile, ...(workspace !== profile && isInside(profile, workspace) ? ['--bind', workspace, workspace] : [])]
}

function system(): string[] {
  const shown = systemFolders.flatMap((folder) => {
    const target = linkOrNull(folder)
    return target === null ? ['--ro-bind-try', folder, folder] : ['--symlink', target, folder]
  })
  return [...shown, ...hiddenInSystem.flatMap(hide)]
}

function hide(path: string): string[] {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats || stats.isSymbolicLink()) return []
  return stats.isDirectory() ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path]
}

function programs({ path, home, workspace }: WrapFacts): string[] {
  const git = gitConfiguration(home)
  const folders = [...programFolders(path, home), ...(git === null || workspace === home ? [] : [git])]
  return folders.filter((folder) => !isInside(workspace, folder) && !isInside(folder, workspace)).flatMap((folder) => ['--ro-bind-try', folder, folder])
}

/** The folders above a wall become mounts of their own: what is mounted cannot be renamed away. */
function walls({ workspace, walls: paths }: Pick<WrapFacts, 'workspace' | 'walls'>): string[] {
  const above = new Set(paths.flatMap((path) => foldersAbove(path)))
  const held = [...above].sort((one, other) => one.length - other.length).map((folder) => join(workspace, folder))
  return [...held.flatMap((folder) => ['--bind', folder, folder]), ...paths.map((path) => join(workspace, path)).flatMap((path) => ['--ro-bind', path, path])]
}

function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let above = dirname(path); above !== '.'; above = dirname(above)) folders.push(above)
  return folders
}

/** Sets the limits, then becomes the command. Shells name them differently. */
function limited({ limits, proxy, errorsApart = false }: WrapFacts): string {
  const blocks = Math.floor(limits.fileBytes / 512)
  const lines = [
    `ulimit -f ${blocks}`,
    `{ ulimit -u ${limits.processes} || ulimit -p ${limits.processes}; } 2>/dev/null`,
    ...(proxy ? [bridge(proxy.bridge)] : []),
    `exec /bin/sh -c "$1"${errorsApart ? '' : ' 2>&1'}`,
  ]
  return lines.join('; ')
}

function bridge({ kind, file }: Bridge): string {
  const quoted = `'${file.replaceAll(`'`, `'\\''`)}'`
  const node = `const n=require("net");n.createServer({allowHalfOpen:true},(c)=>{const u=n.connect({path:"${PROXY_SOCKET}",allowHalfOpen:true});c.pipe(u).pipe(c);c.on("error",()=>u.destroy());u.on("error",()=>c.destroy())}).listen(${PROXY_PORT},"127.0.0.1")`
  const run = kind === 'socat'
    ? `${quoted} TCP-LISTEN:${PROXY_PORT},bind=127.0.0.1,reuseaddr,fork UNIX-CONNECT:${PROXY_SOCKET}`
    : `${quoted} -e '${node}'`
  const listening = PROXY_PORT.toString(16).toUpperCase().padStart(4, '0')
  return `${run} >/dev/null 2>&1 </dev/null & n=0; until grep -q ':${listening} ' /proc/net/tcp || [ $n -ge 200 ]; do sleep 0.01; n=$((n+1)); done`
}

export const proxyEnvironment: Readonly<Record<string, string>> = Object.fromEntries([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [[name, `http://127.0.0.1:${PROXY_PORT}`], [name.toLowerCase(), `http://127.0.0.1:${PROXY_PORT}`]]),
  ['NO_PROXY', 'localhost,127.0.0.1,::1'], ['no_proxy', 'localhost,127.0.0.1,::1'], ['NODE_USE_ENV_PROXY', '1'],
])

/** The first of these programs that there is. */
export function findBridge(execPath: string, isElectron: boolean): Bridge | null {
  const socat = ['/usr/bin/socat', '/usr/local/bin/socat', '/opt/local/bin/socat'].find((file) => existsSync(file))
  if (socat !== undefined) return { kind: 'socat', file: socat }
  return isElectron ? null : { kind: 'node', file: execPath }
}
