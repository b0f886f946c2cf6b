import { AppError } from '#core/errors'

const LONGEST_PATH = 4_096
const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?$/i

export interface PathRules {
  readonly platform: NodeJS.Platform
  /** Absolute spellings of the folder: its real path and what it was opened by. */
  readonly roots: readonly string[]
}

export function outsideWorkspace(cause?: unknown): AppError {
  return new AppError('PATH_OUTSIDE_WORKSPACE', 'Path access denied - outside workspace', { cause })
}

/**
 * Names from the folder down; none for the folder itself. Judges the spelling only: what the names lead to is
 * judged when they are opened. Nothing is decoded: `%2e` is a name like any other.
 */
export function parsePath(path: string, rules: PathRules): readonly string[] {
  if (path === '') throw new AppError('INVALID_PARAMETERS', 'The path is empty; use "." for the workspace folder')
  if (path.length > LONGEST_PATH) throw new AppError('INVALID_PARAMETERS', `The path is longer than ${LONGEST_PATH} characters`)
  if (path.includes('\0') || /^file:/i.test(path) || /^~($|[/\\])/.test(path)) throw outsideWorkspace()
  if (climbsOut(path.split(/[/\\]/))) throw outsideWorkspace()
  const windows = rules.platform === 'win32'
  const relative = isAbsolute(path, windows) ? belowRoot(path, rules) : path
  const names: string[] = []
  for (const name of relative.split(windows ? /[/\\]/ : '/')) {
    if (name === '' || name === '.') continue
    if (name === '..') names.pop()
    else if (windows && isReservedOnWindows(name)) throw outsideWorkspace()
    else names.push(name)
  }
  return names
}

function climbsOut(segments: readonly string[]): boolean {
  let depth = 0
  for (const segment of segments) {
    if (segment === '..') depth -= 1
    else if (segment !== '' && segment !== '.') depth += 1
    if (depth < 0) return true
  }
  return false
}

function isAbsolute(path: string, windows: boolean): boolean {
  return windows ? /^([a-z]:|[/\\])/i.test(path) : path.startsWith('/')
}

function belowRoot(path: string, rules: PathRules): string {
  const spelled = resolveDots(path, rules.platform)
  for (const root of rules.roots) {
    const below = insideOf(root, spelled, rules.platform)
    if (below !== null) return below
  }
  throw outsideWorkspace()
}

function resolveDots(path: string, platform: NodeJS.Platform): string {
  const names: string[] = []
  for (const name of path.split(platform === 'win32' ? /[/\\]/ : '/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return platform === 'win32' ? names.join('\\') : `/${names.join('/')}`
}

/** What comes below the root, or null when `path` is not the root or below it. Both are absolute, without dots. */
export function insideOf(root: string, path: string, platform: NodeJS.Platform): string | null {
  const separator = platform === 'win32' ? '\\' : '/'
  const fold = (text: string) => (ignoresCase(platform) ? text.toLowerCase() : text)
  if (fold(path) === fold(root)) return ''
  const prefix = root.endsWith(separator) ? root : root + separator
  return fold(path).startsWith(fold(prefix)) ? path.slice(prefix.length) : null
}

export function ignoresCase(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32'
}

/** Devices, streams (`name:stream`), drive letters, and names that Windows opens as another name. */
function isReservedOnWindows(name: string): boolean {
  return windowsDevice.test(name) || name.includes(':') || /[. ]$/.test(name)
}
