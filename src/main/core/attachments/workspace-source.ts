import { type Attachment, type LineSpan, MAX_ATTACHED_TEXT_BYTES } from '#contract/attachments'
import type { Session } from '#contract/sessions'
import { AppError } from '../errors'
import type { Store } from '../ports/store'
import type { Folders } from '../ports/workspace-files'

/** What is about to be kept. */
export interface AttachmentSource {
  readonly name: string
  readonly path: string | null
  readonly lines: Attachment['lines']
  readonly bytes: Uint8Array
}

const MOST_LINES = 100_000

/** A file of the session's folder as it is now, or some of its lines. */
export async function readFromWorkspace({ store, folders }: { readonly store: Pick<Store, 'workspaces'>; readonly folders: Folders }, session: Session, { path, lines }: {
  readonly path: string
  readonly lines: LineSpan | null
}): Promise<AttachmentSource> {
  const workspace = session.workspaceId === null ? null : store.workspaces.get(session.workspaceId)
  if (!workspace) throw new AppError('WORKSPACE_UNAVAILABLE', 'This session has no folder to take a file from.')
  const folder = await folders.open(workspace.path)
  const { path: real, kind } = await folder.resolve(path)
  if (kind === 'directory') throw new AppError('INVALID_PARAMETERS', `${path} is a folder. Name it in the message; the agent can look into it.`)
  const name = real.slice(real.lastIndexOf('/') + 1) || real
  if (lines) {
    const { lines: found } = await folder.readLines(path, lines.from, Math.min(MOST_LINES, Math.max(1, lines.to - lines.from + 1)), MAX_ATTACHED_TEXT_BYTES)
    return { name, path: real, lines: { from: lines.from, to: lines.from + Math.max(0, found.length - 1) }, bytes: new TextEncoder().encode(found.join('\n')) }
  }
  const { text } = await folder.readText(path, MAX_ATTACHED_TEXT_BYTES)
  return { name, path: real, lines: null, bytes: new TextEncoder().encode(text) }
}
