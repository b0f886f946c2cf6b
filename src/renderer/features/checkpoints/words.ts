import type { Checkpoint, CheckpointPart } from '#contract/checkpoints'
import type { ChangeAuthor, FileChange, LineCount, NotCoveredReason } from '#contract/file-changes'

export const kindWords: Readonly<Record<Checkpoint['kind'], string>> = {
  before_turn: 'Before a turn',
  after_turn: 'After a turn',
  before_command: 'Before a command',
  before_restore: 'Before a restore',
  named: 'Saved by you',
}

export const partWords: Readonly<Record<CheckpointPart, string>> = {
  files: 'Files', conversation: 'Conversation', memory: 'Memory', tasks: 'Tasks',
}

export const changeWords: Readonly<Record<FileChange['change'], string>> = {
  added: 'added', removed: 'removed', changed: 'changed', mode: 'permissions changed', kind: 'became something else',
}

/** One letter for the list; the word is its label. */
export const changeLetters: Readonly<Record<FileChange['change'], string>> = { added: 'A', removed: 'D', changed: 'M', mode: 'P', kind: 'T' }

const reasonWords: Readonly<Record<NotCoveredReason, string>> = {
  ignored: 'ignored',
  too_large: 'too large',
  too_many: 'beyond the file limit',
  unreadable: 'not readable',
  special: 'not a file or folder',
  unstable: 'changed while it was read',
}
export const reasonText = (reason: NotCoveredReason): string => reasonWords[reason]

const authorWords: Readonly<Record<ChangeAuthor['kind'], string>> = {
  person: 'You or another program', agent: 'Agent', command: 'Command', restore: 'Restore',
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

export function linesText({ added, removed }: LineCount): string {
  return `+${added.toLocaleString('en')} −${removed.toLocaleString('en')}`
}

/** Files and lines, or why there are none to tell; null when a checkpoint before something was not counted. */
export function changesText(checkpoint: Pick<Checkpoint, 'changes' | 'files' | 'kind' | 'parentId'>): string | null {
  if (checkpoint.files === 'none') return 'no files'
  if (checkpoint.changes === null) {
    if (checkpoint.parentId === null) return 'first one'
    return checkpoint.kind === 'after_turn' || checkpoint.kind === 'named' ? 'counting…' : null
  }
  const { files } = checkpoint.changes
  return files === 0 ? 'no file changed' : `${plural(files, 'file')} ${linesText(checkpoint.changes)}`
}

/** What it does not cover, in a few words; null when it covers everything it can. */
export function notCoveredText({ counts, commands }: Pick<Checkpoint['coverage'], 'counts' | 'commands'>): string | null {
  const paths = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const words = [
    ...(paths === 0 ? [] : [plural(paths, 'path')]),
    ...(commands === 0 ? [] : [`what ${plural(commands, 'command')} did outside the folder`]),
  ]
  return words.length === 0 ? null : `Does not cover ${words.join(' and ')}`
}

/** Who changed a file, in order; a guess is marked as one. */
export function authorsText(authors: readonly ChangeAuthor[]): string {
  if (authors.length === 0) return 'Author not known'
  return authors.map(authorText).join(', then ')
}

function authorText({ kind, label, certain }: ChangeAuthor): string {
  const who = label === '' || kind === 'person' ? authorWords[kind] : `${authorWords[kind]} (${label})`
  return certain ? who : `perhaps ${who}`
}

/** The name under which a checkpoint is spoken of. */
export function nameOf(items: readonly Checkpoint[], id: string): string {
  return id === 'now' ? 'Now' : (items.find((item) => item.id === id)?.title ?? 'A checkpoint')
}

/** A path for the screen: bytes of a name that are no text are shown as replacement characters. */
export function shownPath(path: string): string {
  return path.replace(/[\ud800-\udfff]/gu, '\ufffd')
}
