import { realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AppError } from '#core/errors'
import type { TextSearch } from '#core/ports/workspace-files'
import { everywhere, ignoreRules, plainPath } from './common-options'
import { runRipgrep } from './run-ripgrep'

const NUL = 0
const NEWLINE = 0x0a
const LONGEST_LINE = 500
const LONGEST_PATTERN = 10_000

const inOrder = [...everywhere, '--sort=path']

export function createTextSearch(): TextSearch {
  return { glob, search }
}

async function glob(root: string, pattern: string, limit: number, signal: AbortSignal) {
  const matches = await compileGlob(pattern)
  const paths: string[] = []
  let truncated = false
  const onRecord = (record: string) => {
    const path = plainPath(record)
    if (!matches(path)) return true
    if (paths.length >= limit) truncated = true
    else paths.push(path)
    return !truncated
  }
  await runRipgrep({ cwd: root, args: [...inOrder, ...ignoreRules(root), '--files', '--null', '--', './'], separator: NUL, onRecord }, signal)
  return { paths, truncated }
}

/** Not by ripgrep's --glob: that would bring back what .gitignore excludes. A pattern without a slash matches names in every folder. */
async function compileGlob(pattern: string): Promise<(path: string) => boolean> {
  if (pattern.length > LONGEST_PATTERN) throw tooLong()
  const { default: picomatch } = await import('picomatch')
  try {
    return picomatch(pattern.replace(/^\.\//, ''), { dot: true, basename: !pattern.includes('/') })
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', 'Bad glob pattern', { cause })
  }
}

async function search(root: string, query: { readonly pattern: string; readonly path: string | null; readonly limit: number }, signal: AbortSignal) {
  if (query.pattern.length > LONGEST_PATTERN) throw tooLong()
  const lines: string[] = []
  let truncated = false
  const onRecord = (record: string) => {
    const [, path, line, text] = /^([^\0]*)\0(\d+):(.*)$/s.exec(record) ?? []
    if (path === undefined || text === undefined) return true
    if (lines.length >= query.limit) truncated = true
    else lines.push(cut(`${plainPath(path)}:${line}:${text.replace(/\r$/, '')}`))
    return !truncated
  }
  const target = `./${query.path ?? ''}`
  const args = [...inOrder, ...ignoreRules(root), '--line-number', '--with-filename', '--no-heading', '--null', '--max-columns=4096', '--max-columns-preview', `--regexp=${query.pattern}`, '--', target]
  await checkInside(root, target)
  await runRipgrep({ cwd: root, args, separator: NEWLINE, onRecord }, signal)
  await checkInside(root, target)
  return { lines, truncated }
}

/** A path that is named is searched even where it is a link; so it must still be the real path that the caller resolved. */
async function checkInside(root: string, target: string): Promise<void> {
  const real = await realpath(join(root, target)).catch(() => null)
  if (real === null) throw new AppError('RESOURCE_NOT_FOUND', `${plainPath(target)} not found`)
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) throw new AppError('PATH_OUTSIDE_WORKSPACE', 'Path access denied - outside workspace')
}

function cut(line: string): string {
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line
}

function tooLong(): AppError {
  return new AppError('INVALID_PARAMETERS', `The pattern is longer than ${LONGEST_PATTERN} characters`)
}
