import { sep } from 'node:path'
import { AppError } from '#core/errors'
import type { FileSearch, Replacement } from '#core/ports/file-search'
import type { SearchMatch, SearchQuery } from '#contract/find-in-files'
import { textOf } from '../shared/names'
import { everywhere, ignoreRules } from './common-options'
import { runRipgrep } from './run-ripgrep'

const NEWLINE = 0x0a
const BEFORE_CHARS = 60
const AFTER_CHARS = 200
const MOST_GLOBS = 50

/** Text, or base64 where it is no UTF-8. */
type Text = { readonly text: string } | { readonly bytes: string }

interface MatchRecord {
  readonly type: 'match'
  readonly data: {
    readonly path: Text
    readonly lines: Text
    readonly line_number: number
    readonly absolute_offset: number
    readonly submatches: readonly { readonly start: number; readonly end: number; readonly replacement?: Text }[]
  }
}

export function createFileSearch(): FileSearch {
  return { run, replacements }
}

async function run(root: string, query: SearchQuery, onMatch: (path: string, match: SearchMatch) => boolean, signal: AbortSignal): Promise<void> {
  const isIncluded = await includes(query.include)
  const args = [
    ...everywhere, ...(query.withIgnored ? ['--no-ignore'] : ignoreRules(root)), ...globsOf(query.exclude).map((glob) => `--glob=!${glob}`),
    '--json', ...patternOptions(query), '--', './',
  ]
  await runRipgrep({
    cwd: root, args, separator: NEWLINE, whenTooLong: 'skip',
    onRecord: (record) => {
      const found = matchOf(record)
      if (!found) return true
      const path = pathOf(found.data.path)
      if (!isIncluded(path)) return true
      const line = bytesOf(found.data.lines)
      return found.data.submatches.every((submatch) => onMatch(path, shownMatch(line, found.data.line_number, submatch)))
    },
  }, signal)
}

async function replacements(text: string, query: SearchQuery, replacement: string, signal: AbortSignal): Promise<readonly Replacement[]> {
  const found: Replacement[] = []
  // Literally: a dollar would otherwise stand for a group.
  const becomes = query.isRegex ? replacement : replacement.replaceAll('$', '$$$$')
  await runRipgrep({
    cwd: process.cwd(), separator: NEWLINE, whenTooLong: 'skip', input: Buffer.from(text, 'utf8'),
    args: ['--no-config', '--color=never', '--encoding=none', '--text', '--json', `--replace=${becomes}`, ...patternOptions(query), '--', '-'],
    onRecord: (record) => {
      const match = matchOf(record)
      if (!match) return true
      const { line_number: line, absolute_offset: before, submatches } = match.data
      for (const { start, end, replacement: made } of submatches) {
        found.push({ line, column: start, offset: before + start, bytes: end - start, text: made ? bytesOf(made).toString('utf8') : '' })
      }
      return true
    },
  }, signal)
  return found
}

function patternOptions({ pattern, isRegex, matchCase, wholeWord }: SearchQuery): readonly string[] {
  return ['--crlf', matchCase ? '--case-sensitive' : '--ignore-case', ...(isRegex ? [] : ['--fixed-strings']), ...(wholeWord ? ['--word-regexp'] : []), `--regexp=${pattern}`]
}

function matchOf(record: string): MatchRecord | null {
  return record.startsWith('{"type":"match"') ? JSON.parse(record) as MatchRecord : null
}

function bytesOf(text: Text): Buffer {
  return 'text' in text ? Buffer.from(text.text, 'utf8') : Buffer.from(text.bytes, 'base64')
}

function pathOf(path: Text): string {
  return textOf(bytesOf(path)).replaceAll(sep, '/').replace(/^\.\//, '')
}

function shownMatch(line: Buffer, number: number, { start, end }: { readonly start: number; readonly end: number }): SearchMatch {
  const [before, match, after] = [line.toString('utf8', 0, start), line.toString('utf8', start, end), line.toString('utf8', end).replace(/\r?\n$/, '')]
  const shownBefore = before.length > BEFORE_CHARS ? `…${whole(before.slice(-BEFORE_CHARS))}` : before.trimStart()
  const shownMatch = match.slice(0, AFTER_CHARS)
  const text = `${shownBefore}${shownMatch}${after.slice(0, AFTER_CHARS)}${after.length > AFTER_CHARS ? '…' : ''}`
  return { line: number, column: start, character: before.length, text, start: shownBefore.length, end: shownBefore.length + shownMatch.length }
}

/** Not beginning with half a character. */
function whole(text: string): string {
  return /^[\udc00-\udfff]/.test(text) ? text.slice(1) : text
}

function globsOf(list: string): readonly string[] {
  const globs = list.split(',').map((glob) => glob.trim().replace(/^!+/, '').replace(/^\.?\//, '')).filter((glob) => glob !== '')
  if (globs.length > MOST_GLOBS) throw new AppError('INVALID_PARAMETERS', `More than ${MOST_GLOBS} patterns for files`)
  return globs
}

/** Not by ripgrep's --glob: that would bring back what .gitignore excludes. */
async function includes(list: string): Promise<(path: string) => boolean> {
  const globs = globsOf(list)
  if (globs.length === 0) return () => true
  const { default: picomatch } = await import('picomatch')
  try {
    const tests = globs.flatMap((glob) => {
      const plain = glob.replace(/\/+$/, '')
      return [picomatch(plain, { dot: true, basename: !plain.includes('/') }), picomatch(`${plain}/**`, { dot: true }), picomatch(`**/${plain}/**`, { dot: true })]
    })
    return (path) => tests.some((fits) => fits(path))
  } catch (cause) {
    throw new AppError('INVALID_PARAMETERS', 'Bad pattern for files', { cause })
  }
}
