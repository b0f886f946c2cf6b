import type { FlowLabel } from '#contract/flow'
import type { CallOutcome } from '../agent/tool-ports'
import { isAppError } from '../errors'
import type { LabelledFileStore, StoredLabelledFile } from '../ports/flow-store'
import type { WorkspaceFolder } from '../ports/workspace-files'
import type { PreparedCall, Tool } from '../tools/tool'
import { BARE_COMMAND, whyOfFile } from './carried'

/** Of a folder, the newest; the whole folder counts before there are more. */
const MOST_FILES = 5000
/** That are looked at to see whether they are still what they were; those beyond are taken to be. */
const MOST_HASHED = 200

export interface Reader {
  readonly store: LabelledFileStore
  readonly folder: Pick<WorkspaceFolder, 'hash'>
  readonly workspaceId: string
  /** What its model has read before. */
  readonly sources: readonly FlowLabel[]
  /** Null: the session is gone. */
  readonly titleOf: (sessionId: string) => string | null
}

export interface Reading {
  readonly tool: Pick<Tool, 'capability'>
  readonly call: Pick<PreparedCall, 'paths'>
}

/**
 * What a model has read by a call through files that agents wrote. Of a command it cannot be known which files it reads. So it counts as having
 * read all that came from outside, and what is private where it names it, or where somebody else may have a say in what it does.
 */
export async function labelsOfFiles(reader: Reader, reading: Reading, { outcome, output: { content, details, stopped }, error }: CallOutcome): Promise<FlowLabel[]> {
  const { store, workspaceId } = reader
  if (workspaceId === '' || store.isEmpty() || error || (outcome !== 'success' && outcome !== 'error' && !stopped)) return []
  if (details?.kind === 'command') return labelsOf(reader, [], inFolder(reader, commandReads(reader, details.command)))
  if (reading.tool.capability !== 'read' || reading.call.paths.length === 0) return []
  const hashes = await Promise.all(reading.call.paths.slice(0, 20).map((path) => hashOf(reader, path)))
  const found = hashes.flatMap((hash) => (hash === null ? [] : store.find(hash)))
  // What looks through a folder shows paths.
  const shown = hashes.includes('directory') ? inFolder(reader, ({ path }) => content.includes(path) || content.includes(nameOf(path))) : inFolder(reader, ({ path }) => path === '')
  return labelsOf(reader, found, shown)
}

function inFolder({ store, workspaceId }: Reader, fits: (file: StoredLabelledFile) => boolean): StoredLabelledFile[] {
  return store.list(workspaceId, MOST_FILES).filter((file) => file.path === '' || fits(file))
}

function commandReads({ sources }: Reader, command: string): (file: StoredLabelledFile) => boolean {
  const isLed = sources.some(({ label }) => label === 'untrusted')
  const words = command.slice(0, 20_000).split(/[\s"'`=:;|&<>(){}$,]+/).filter(Boolean)
  return ({ path, labels }) => isLed || labels.some(({ label }) => label === 'untrusted') || words.some((word) => mayName(word, path))
}

/** A word of a command: the path, a folder above it, or a pattern that could be it. */
function mayName(word: string, path: string): boolean {
  const plain = word.replace(/^\.\//, '').replace(/\/+$/, '')
  return /[*?[\]]/.test(plain) || plain === '.' || path === plain || path.startsWith(`${plain}/`) || plain.endsWith(`/${path}`) || plain === nameOf(path)
}

/** `sure` are read; `likely` only where they are still what they were. One of each kind is enough, and none of a kind that it has read already. */
async function labelsOf(reader: Reader, sure: readonly StoredLabelledFile[], likely: readonly StoredLabelledFile[]): Promise<FlowLabel[]> {
  const missing = new Set((['untrusted', 'private'] as const).filter((label) => reader.sources.every((source) => source.label !== label || source.why === BARE_COMMAND)))
  const isNew = ({ labels }: StoredLabelledFile) => labels.some(({ label }) => missing.has(label))
  const take = ({ path, sessionId, labels }: StoredLabelledFile) => labels.flatMap(({ label, why }): FlowLabel[] => (missing.delete(label) ? [{ label, why: whyOfFile(path, reader.titleOf(sessionId), why), byFile: true }] : []))
  const found = sure.flatMap((file) => take(file))
  let hashed = 0
  for (const file of likely) {
    if (missing.size === 0) break
    if (!isNew(file)) continue
    const isStill = file.path === '' || hashed === MOST_HASHED || (await hashOf(reader, file.path)) === file.hash
    if (file.path !== '' && hashed < MOST_HASHED) hashed += 1
    if (isStill) found.push(...take(file))
  }
  return found
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

async function hashOf({ folder }: Pick<Reader, 'folder'>, path: string): Promise<string | null> {
  return folder.hash(path).catch((error: unknown) => {
    if (isAppError(error)) return null
    throw error
  })
}
