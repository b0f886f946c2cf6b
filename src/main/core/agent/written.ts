import { isAppError } from '../errors'
import type { WrittenFile } from '../flow/files-written'
import type { ToolPorts } from './tool-ports'

/** The files that a call has changed; null: it is not known. Asked only after its end, and only where somebody has to know. */
export type Written = () => Promise<readonly WrittenFile[] | null>

export const nothingWritten: Written = () => Promise.resolve([])

type Ports = Pick<ToolPorts, 'toolContext' | 'store'>
type Hashes = ReadonlyMap<string, string | null>

/** What is at these paths. Looked at only where it could be labelled. */
export async function hashesBefore(ports: Ports, paths: readonly string[]): Promise<Hashes> {
  const isLabelled = !ports.store.labelledFiles.isEmpty()
  return new Map(await Promise.all(paths.map(async (path) => [path, isLabelled ? await hashOf(ports, path) : null] as const)))
}

export async function changedFrom(ports: Ports, hashes: Hashes): Promise<WrittenFile[]> {
  const found = await Promise.all([...hashes].map(async ([path, before]): Promise<WrittenFile[]> => {
    const hash = await hashOf(ports, path)
    return hash === null || hash === 'directory' || hash === before ? [] : [{ path, hash, before }]
  }))
  return found.flat()
}

/** Null: there is no file, or it cannot be read. */
async function hashOf({ toolContext: { folder } }: Ports, path: string): Promise<string | null> {
  return folder.hash(path).catch((error: unknown) => {
    if (isAppError(error)) return null
    throw error
  })
}
