import type { ToolDetails } from '#contract/entries'
import { clipOutput } from '../clip'
import { PREVIEW_CHARS } from './limits'

/** Characters that are shown around a change in a file too long to be shown whole. */
const CONTEXT_CHARS = 4_000

export function diffPreview(path: string, before: string, after: string, created: boolean): ToolDetails {
  const cut = before.length > PREVIEW_CHARS || after.length > PREVIEW_CHARS ? aroundChange(before, after) : { before, after }
  return { kind: 'diff', path, before: clipOutput(cut.before, PREVIEW_CHARS), after: clipOutput(cut.after, PREVIEW_CHARS), created }
}

/** Leaves out the same lines at the beginning and the end of both. */
function aroundChange(before: string, after: string): { readonly before: string; readonly after: string } {
  const shorter = Math.min(before.length, after.length)
  let head = 0
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head += 1
  let tail = 0
  while (tail < shorter - head && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1
  const start = lineStart(before, Math.max(0, head - CONTEXT_CHARS))
  const dropped = Math.max(0, tail - CONTEXT_CHARS)
  const note = (length: number) => (length === 0 ? '' : `[… ${length} characters without a change …]\n`)
  const part = (text: string) => `${note(start)}${text.slice(start, text.length - dropped)}${dropped === 0 ? '' : `\n${note(dropped)}`}`
  return { before: part(before), after: part(after) }
}

function lineStart(text: string, position: number): number {
  return position === 0 ? 0 : text.lastIndexOf('\n', position - 1) + 1
}
