import { join } from 'node:path'
import { secretsInHome } from './visible-folders'

export interface SeatbeltFacts {
  readonly workspace: string
  readonly walls: readonly string[]
  readonly home: string
  readonly profile: string
  readonly temporary: string
  /** Of the proxy, on loopback; null: no network. */
  readonly proxyPort: number | null
  /** Writable beside the workspace; walls as absolute paths. */
  readonly more?: readonly { readonly path: string; readonly walls: readonly string[] }[]
}

/**
 * The profile of `sandbox-exec`: later rules win. Reading is open but for keys; writing is closed but for the workspace and the temporary
 * folder; walls hold by path, also for what does not exist yet.
 */
export function seatbeltProfile({ workspace, walls, home, profile, temporary, proxyPort, more = [] }: SeatbeltFacts): string {
  const hidden = [profile, ...secretsInHome.map((name) => join(home, name))]
  return [
    '(version 1)', '(deny default)',
    '(allow process-exec process-fork signal (target same-sandbox))', '(allow process-info* (target same-sandbox))', '(allow sysctl-read)',
    '(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo") (global-name "com.apple.system.logger") (global-name "com.apple.trustd.agent"))',
    '(allow ipc-posix-shm)', '(allow pseudo-tty)', '(allow file-read*)',
    ...hidden.map((path) => `(deny file-read* file-write* (subpath ${quoted(path)}))`),
    `(allow file-read* file-write* (subpath ${quoted(temporary)}))`,
    `(allow file-read* file-write* (subpath ${quoted(workspace)}))`,
    ...more.map(({ path }) => `(allow file-read* file-write* (subpath ${quoted(path)}))`),
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (regex #"^/dev/ttys"))',
    ...(workspace === home ? hidden.map((path) => `(deny file-read* file-write* (subpath ${quoted(path)}))`) : []),
    ...walls.map((path) => `(deny file-write* (subpath ${quoted(join(workspace, path))}))`),
    ...more.flatMap(({ walls: own }) => own.map((path) => `(deny file-write* (subpath ${quoted(path)}))`)),
    // Whoever may rename a folder above a wall moves the wall away.
    ...aboveOf(walls).map((path) => `(deny file-write-unlink (literal ${quoted(join(workspace, path))}))`),
    ...(proxyPort === null ? [] : [`(allow network-outbound (remote ip "localhost:${proxyPort}"))`]),
    '',
  ].join('\n')
}

function aboveOf(paths: readonly string[]): string[] {
  const above = new Set<string>()
  for (const path of paths) {
    const names = path.split('/')
    for (let count = 1; count < names.length; count++) above.add(names.slice(0, count).join('/'))
  }
  return [...above]
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
