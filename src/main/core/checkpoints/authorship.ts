import type { ChangeAuthor } from '#contract/file-changes'
import type { Interval, IntervalAuthor } from '../ports/checkpoint-store'

const person: ChangeAuthor = { kind: 'person', sessionId: null, runId: null, stepId: null, label: 'You or another program', certain: true }

/**
 * Who had a part in what a path became over these intervals, in order of time. A file tool that said it would write the
 * path, and was alone, is certain. A command may write anything, so it is never certain. What nobody of ours said to
 * write is a person's.
 */
export function authorsOf(intervals: readonly Interval[], path: string): ChangeAuthor[] {
  const found: ChangeAuthor[] = []
  for (const interval of intervals) {
    if (interval.paths !== null && !interval.paths.includes(path)) continue
    for (const author of authorsIn(interval, path)) if (!found.some((known) => sameAuthor(known, author))) found.push(author)
  }
  return found
}

function authorsIn({ authors }: Interval, path: string): ChangeAuthor[] {
  const candidates = authors.filter(({ paths }) => paths === null || paths.some((written) => covers(written, path)))
  if (candidates.length === 0) return [person]
  const certain = candidates.length === 1 && candidates[0]?.paths !== null
  return candidates.map(({ paths: _paths, ...author }) => ({ ...author, certain: certain || (candidates.length === 1 && author.kind === 'restore') }))
}

function sameAuthor(left: ChangeAuthor, right: ChangeAuthor): boolean {
  return left.kind === right.kind && left.stepId === right.stepId && left.runId === right.runId && left.restoreId === right.restoreId && left.label === right.label
}

export function covers(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** Whether someone other than the agent of this session (and our own restores) had a part in it. */
export function isForeign(authors: readonly ChangeAuthor[], sessionId: string): boolean {
  return authors.length === 0 || authors.some((author) => author.kind === 'person' || (author.kind !== 'restore' && author.sessionId !== sessionId))
}

/** Index of many intervals by path, for plans over thousands of paths. */
export function authorsByPath(intervals: readonly Interval[]): (path: string) => ChangeAuthor[] {
  const unlisted = intervals.filter(({ paths }) => paths === null)
  const byPath = new Map<string, Interval[]>()
  for (const interval of intervals) {
    for (const path of interval.paths ?? []) {
      const known = byPath.get(path)
      if (known) known.push(interval)
      else byPath.set(path, [interval])
    }
  }
  return (path) => authorsOf([...(byPath.get(path) ?? []), ...unlisted].sort((left, right) => left.position - right.position), path)
}

export type { IntervalAuthor }
