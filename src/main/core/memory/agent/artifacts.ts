import type { PayloadOf } from '#contract/entries'
import { type MemorySolution, MOST_ARTIFACTS } from '#contract/memory'
import { isSensitive } from '../sensitive'

/** Of one file, and of one solution, in characters. */
const MOST_CODE = 4_000
const MOST_CODE_IN_ALL = 12_000
/** Lines that are kept around a change. */
const AROUND = 3

/** The files that were written, with what they say where they were changed, one change after the other; without what looks like a secret. */
export function artifactsOf(done: readonly PayloadOf<'tool_result'>[]): MemorySolution['artifacts'] {
  const byPath = new Map<string, string>()
  for (const { details } of done) {
    if (details?.kind !== 'diff') continue
    const code = changedLines(details.before, details.after)
    const earlier = details.created ? '' : (byPath.get(details.path) ?? '')
    byPath.set(details.path, earlier === '' ? code : `${earlier}\n…\n${code}`)
  }
  let room = MOST_CODE_IN_ALL
  return [...byPath].slice(0, MOST_ARTIFACTS).map(([path, code]) => {
    const text = isSensitive(code) ? '' : clipLines(code, Math.min(room, MOST_CODE))
    room -= text.length
    return { path, text }
  })
}

/** What is there now, between the lines that both begin and end with. */
function changedLines(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const most = Math.min(old.length, now.length)
  let head = 0
  while (head < most && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  return now.slice(Math.max(0, head - AROUND), now.length - Math.max(0, tail - AROUND)).join('\n')
}

/** Whole lines, where the first one fits. */
function clipLines(text: string, chars: number): string {
  if (text.length <= chars) return text
  const end = text.lastIndexOf('\n', chars - 2)
  return chars < 2 ? '' : `${text.slice(0, end > 0 ? end + 1 : chars - 1)}…`
}
