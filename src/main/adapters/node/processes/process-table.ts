import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { MARKER_VARIABLE, markerBlocks, plainEnvironment } from './command-environment'

const MOST_PASSES = 20

export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** 0 where it is not known. */
  readonly session: number
  readonly marked: boolean
}

/** All processes that run now, zombies left out. Never throws. */
export function readProcesses(marker: string): Promise<readonly ProcessEntry[]> {
  return existsSync('/proc/self/environ') ? Promise.resolve(readProc(marker)) : readPs(marker)
}

/** Reads until nothing is new: a process that forked and ended while we read must not hide its child. */
function readProc(marker: string): ProcessEntry[] {
  const variable = Buffer.from(`${MARKER_VARIABLE}=${marker}\0`)
  const limit = coreLimitOf(marker)
  const isMarked = (pid: string) =>
    readOrNull(`/proc/${pid}/environ`)?.includes(variable) === true || limit.test(readOrNull(`/proc/${pid}/limits`)?.toString('latin1') ?? '')
  const entries: ProcessEntry[] = []
  const seen = new Set<string>()
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const unseen = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && !seen.has(name))
    if (unseen.length === 0) break
    for (const name of unseen) {
      seen.add(name)
      const stat = readOrNull(`/proc/${name}/stat`)?.toString('latin1')
      const entry = stat === undefined ? null : parseStat(stat)
      if (entry) entries.push({ ...entry, marked: isMarked(name) })
    }
  }
  return entries
}

/** Shells count core files in blocks of 512 bytes or in kilobytes. */
function coreLimitOf(marker: string): RegExp {
  const blocks = markerBlocks(marker)
  return new RegExp(`^Max core file size +\\S+ +(?:${blocks * 512}|${blocks * 1024}) `, 'm')
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

/** `pid (name) state parent group session …`; the name may hold anything, brackets too. */
export function parseStat(stat: string): Omit<ProcessEntry, 'marked'> | null {
  const [state, ...numbers] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [parent = 0, group = 0, session = 0] = numbers.slice(0, 3).map(Number)
  return state === 'Z' || state === 'X' ? null : { pid: Number.parseInt(stat, 10), parent, group, session }
}

/** macOS shows the environment of our own processes with -E, behind the command. */
function readPs(marker: string): Promise<readonly ProcessEntry[]> {
  const options = process.platform === 'darwin' ? ['-A', '-E', '-ww'] : ['-A']
  return new Promise((resolve) => {
    execFile('ps', [...options, '-o', 'pid=,ppid=,pgid=,stat=,command='], { maxBuffer: 64 * 1024 * 1024, env: plainEnvironment(process.env) }, (_error, stdout) =>
      resolve(parsePs(stdout, marker)))
  })
}

export function parsePs(table: string, marker: string): ProcessEntry[] {
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, group, state, command = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line) ?? []
    if (pid === undefined || state?.startsWith('Z')) return []
    const marked = ` ${command} `.includes(` ${MARKER_VARIABLE}=${marker} `)
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: 0, marked }]
  })
}

/**
 * The processes of a command: those that carry its mark, those in a session or group of one of them, and all their
 * descendants. Whoever leaves its group, session and parent still carries the mark.
 */
export function processesOf(table: readonly ProcessEntry[], leader: number | null, ourselves: number): ProcessEntry[] {
  const found = new Map<number, ProcessEntry>()
  const sessions = new Set(leader === null ? [] : [leader])
  const groups = new Set(leader === null ? [] : [leader])
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const entry of table) {
      if (found.has(entry.pid) || entry.pid === ourselves || entry.pid <= 1) continue
      const ours = entry.marked || entry.pid === leader || sessions.has(entry.session) || groups.has(entry.group) || found.has(entry.parent)
      if (!ours) continue
      found.set(entry.pid, entry)
      if (entry.session > 1 && entry.marked) sessions.add(entry.session)
      if (entry.group > 1 && entry.marked) groups.add(entry.group)
    }
  }
  return [...found.values()]
}
