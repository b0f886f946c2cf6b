import type { GitMark } from '#contract/files'
import type { GitReport, GitStatus } from '#core/ports/git-status'
import { textOf } from '../shared/names'
import { readCommitted } from './read-committed'
import { type GitSettings, runGit } from './run-git'

export interface GitStatusOptions {
  readonly environment?: NodeJS.ProcessEnv
}

/** Programs that a configuration can name and `status` would run, off. */
const safe: GitSettings = [
  ['core.fsmonitor', 'false'], ['core.hooksPath', process.platform === 'win32' ? 'NUL' : '/dev/null'], ['core.untrackedCache', 'false'],
  ['core.pager', 'cat'], ['core.sshCommand', 'false'], ['core.askPass', ''], ['credential.helper', ''], ['protocol.allow', 'never'],
  ['submodule.recurse', 'false'], ['status.submoduleSummary', 'false'], ['diff.external', ''], ['core.attributesFile', ''],
]
const MOST_FILTERS = 200

export function createGitStatus({ environment = process.env }: GitStatusOptions = {}): GitStatus {
  return {
    read: async (root, limit, signal) => {
      const run = (args: readonly string[], settings: GitSettings) => runGit({ root, args, settings, environment }, signal)
      const prefix = await run(['rev-parse', '--show-prefix'], safe)
      if (prefix === null) return null
      const names = await run(['config', '--list', '--name-only', '-z'], safe)
      const filters = names === null ? null : filtersOff(names)
      if (filters === null) return null
      const output = await run(['status', '--porcelain=v2', '-z', '--branch', '--untracked-files=normal', '--ignore-submodules=all', '--no-renames', '--no-ahead-behind', '--', '.'], [...safe, ...filters])
      return output === null ? null : parseStatus(output, textOf(prefix).replace(/\r?\n$/, ''), limit)
    },
    readCommitted: (root, paths, maxBytes, signal) => readCommitted({ root, paths, maxBytes, run: (args) => runGit({ root, args, settings: safe, environment }, signal) }),
  }
}

/** A filter is a program that content is sent through, to see whether a file that looks touched differs. */
function filtersOff(names: Buffer): GitSettings | null {
  const drivers = new Set([...textOf(names).matchAll(/(?:^|\0)filter\.([^\0]*)\.[^.\0]+(?=\0|$)/gs)].map(([, driver]) => driver ?? ''))
  if (drivers.size > MOST_FILTERS) return null
  return [...drivers].flatMap((driver) => [[`filter.${driver}.clean`, ''], [`filter.${driver}.smudge`, ''], [`filter.${driver}.process`, ''], [`filter.${driver}.required`, 'false']] as const)
}

/** Records end in NUL. `prefix`: the folder inside its repository, with a slash at its end. */
export function parseStatus(output: Buffer, prefix: string, limit: number): GitReport {
  const items: { path: string; mark: GitMark }[] = []
  let branch: string | null = null
  let truncated = false
  for (let start = 0, end = output.indexOf(0); end !== -1; start = end + 1, end = output.indexOf(0, start)) {
    const record = textOf(output.subarray(start, end))
    if (record.startsWith('# branch.head ')) branch = record.slice('# branch.head '.length)
    const item = parseRecord(record)
    if (item === null) continue
    const path = item.path.startsWith(prefix) && item.path !== prefix ? item.path.slice(prefix.length) : prefix.startsWith(item.path) ? './' : null
    if (path === null) continue
    if (items.length >= limit) {
      truncated = true
      break
    }
    items.push({ path, mark: item.mark })
  }
  return { branch: branch === '(detached)' ? null : branch, items, truncated }
}

function parseRecord(record: string): { readonly path: string; readonly mark: GitMark } | null {
  switch (record[0]) {
    case '?':
      return { path: record.slice(2), mark: 'untracked' }
    case 'u':
      return { path: afterFields(record, 10), mark: 'conflict' }
    case '1':
      return { path: afterFields(record, 8), mark: markOf(record.slice(2, 4)) }
    default:
      return null
  }
}

function afterFields(record: string, fields: number): string {
  let at = 0
  for (let field = 0; field < fields; field += 1) at = record.indexOf(' ', at) + 1
  return record.slice(at)
}

/** Staged, then not staged. */
function markOf(states: string): GitMark {
  if (states.includes('D')) return 'deleted'
  return states.startsWith('A') ? 'added' : 'modified'
}
