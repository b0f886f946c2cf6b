import { z } from 'zod'
import { AppError } from '../../errors'
import { defineTool } from '../define-tool'
import type { ToolContext } from '../tool'
import { checkStillThere, hashIfKnown, PathSchema, resolveEntry } from './workspace-path'

const DeleteFileSchema = z.strictObject({
  path: PathSchema.describe('File or folder, relative to the workspace'),
})

const DeletionSchema = z.object({ path: z.string(), hash: z.string().nullable(), binId: z.string() })

export const deleteFile = defineTool({
  name: 'delete_file',
  description: 'Delete a file or folder with all that is in it. It goes to a bin from which a person can bring it back.',
  capability: 'edit',
  readOnly: false,
  input: DeleteFileSchema,
  prepare: async (input, { folder, newId }) => {
    const { path, kind } = await resolveEntry(folder, input.path)
    if (path === '') throw new AppError('PERMISSION_DENIED', 'The workspace folder itself cannot be deleted')
    if (kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${path} not found; it may be deleted already`)
    const [hash, binId] = [await folder.hash(path), newId()]
    return {
      title: `Delete ${path}${kind === 'directory' ? ' and all that is in it' : ''}`,
      paths: [path],
      preview: { kind: 'bin', path, binId },
      fingerprint: { path, hash, binId },
      execute: async (context) => {
        await checkStillThere(folder, path)
        if ((await folder.hash(path)) !== hash) throw new AppError('FILE_CHANGED', `${path} has changed since it was looked at; nothing was deleted. Read it again`)
        const { bytes } = await folder.moveToBin(path, binId)
        recordInBin(context, path, binId, bytes)
        return { content: `Deleted ${path}. A person can bring it back from the bin`, details: { kind: 'bin', path, binId } }
      },
    }
  },
  reconcile: {
    fingerprint: DeletionSchema,
    judge: async ({ path, hash, binId }, context) => {
      const now = await hashIfKnown(context.folder, path)
      if (now === hash) return 'not_done'
      if (now !== null) return 'unknown'
      recordAfterCrash(context, path, binId)
      return 'done'
    },
  },
})

function recordInBin(context: ToolContext, path: string, binId: string, bytes: number): void {
  context.bin.insert({ id: binId, workspaceId: context.workspaceId, path, bytes, deletedAt: context.clock.now() })
}

/** The crash may have come between the move to the bin and its row; without the row nobody could bring the file back. */
function recordAfterCrash(context: ToolContext, path: string, binId: string): void {
  try {
    recordInBin(context, path, binId, 0)
  } catch {
    // The row is there.
  }
}
