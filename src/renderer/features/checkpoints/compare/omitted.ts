import type { FileDiff } from '#contract/file-changes'
import { formatBytes } from '../../../lib/format'

/** Why a file shows no lines; null when it does. */
export function omittedText(diff: FileDiff): string | null {
  switch (diff.omitted) {
    case 'binary': return `Binary file: ${sizeText(diff)}.`
    case 'too_large': return `Too large to show line by line: ${sizeText(diff)}.`
    case 'not_covered': return 'Checkpoints do not cover this path.'
    case 'damaged': return 'Its stored content is damaged. Everything else can be restored.'
    case null: break
  }
  if (diff.change === 'mode') return `Only the permissions changed: ${octal(diff.before?.mode)} to ${octal(diff.after?.mode)}.`
  return diff.beforeText === null && diff.afterText === null ? 'There is no text to compare.' : null
}

function sizeText({ before, after }: FileDiff): string {
  if (before === null) return formatBytes(after?.bytes ?? 0)
  return after === null ? `${formatBytes(before.bytes)}, gone now` : `${formatBytes(before.bytes)} became ${formatBytes(after.bytes)}`
}

function octal(mode: number | undefined): string {
  return mode === undefined ? 'none' : (mode & 0o777).toString(8).padStart(3, '0')
}
