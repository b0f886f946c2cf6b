import { createHash } from 'node:crypto'

export const MARKER_VARIABLE = 'TRESTLE_COMMAND'

/** What a command may know of our environment. Anything that is not named here, keys above all, stays with us. */
const allowed: ReadonlySet<string> = new Set([
  'PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR', 'TMP', 'TEMP', 'HOSTNAME',
  // Windows cannot start most programs without these.
  'SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'USERNAME', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA',
  'PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMDATA', 'COMMONPROGRAMFILES', 'NUMBER_OF_PROCESSORS', 'PROCESSOR_ARCHITECTURE', 'OS',
])

/** The part of our environment that any program of the system may have. Only Windows takes names in any case for the same. */
export function plainEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isAllowed = (name: string) => allowed.has(process.platform === 'win32' ? name.toUpperCase() : name) || /^LC_[A-Z]+$/.test(name)
  return Object.fromEntries(Object.entries(own).filter(([name]) => isAllowed(name)))
}

export function commandEnvironment(own: NodeJS.ProcessEnv, marker: string): NodeJS.ProcessEnv {
  return {
    ...plainEnvironment(own),
    TERM: 'dumb',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
    [MARKER_VARIABLE]: marker,
  }
}

/** The same, for a shell that a person types into. */
export function terminalEnvironment(own: NodeJS.ProcessEnv, marker: string): NodeJS.ProcessEnv {
  const { PAGER: _pager, GIT_PAGER: _gitPager, GIT_TERMINAL_PROMPT: _prompt, ...kept } = commandEnvironment(own, marker)
  return { ...kept, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'trestle' }
}

/**
 * The mark of a command for those of its processes that drop their environment: a number of 512-byte blocks, far
 * beyond any real file, as hard limit of core files. It changes nothing, every child has it, and none can raise it.
 */
export function markerBlocks(marker: string): number {
  return 2 ** 36 + createHash('sha256').update(marker).digest().readUInt32BE(0)
}
