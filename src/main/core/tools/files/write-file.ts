import { z } from 'zod'
import { AppError, isAppError } from '../../errors'
import type { WorkspaceFolder } from '../../ports/workspace-files'
import { defineTool } from '../define-tool'
import { WRITE_BYTES } from './limits'
import { diffPreview } from './text-preview'
import { checkStillFile, count, judgeTextChange, PathSchema, shownPath, TextChangeSchema } from './workspace-path'

const WriteFileSchema = z.strictObject({
  path: PathSchema.describe('File, relative to the workspace; missing folders are made'),
  content: z.string().describe('The whole new content'),
})

export const writeFile = defineTool({
  name: 'write_file',
  description: 'Create a file, or replace its whole content. To change part of an existing file use edit_file.',
  capability: 'edit',
  readOnly: false,
  input: WriteFileSchema,
  prepare: async ({ path: asked, content }, { folder }) => {
    if (isTooLong(content)) throw new AppError('FILE_TOO_LARGE', `The content is larger than ${WRITE_BYTES / 1024 / 1024} MB; write it in several files`)
    const { path, kind } = await folder.resolve(asked)
    if (kind === 'directory') throw new AppError('INVALID_PARAMETERS', `${shownPath(path)} is a folder; give the path of a file`)
    const before = kind === 'missing' ? { text: '', hash: null } : await currentText(folder, path)
    const created = before.hash === null
    const preview = diffPreview(path, before.text, content, created)
    return {
      title: `${created ? 'Create' : 'Replace'} ${path} (${count(lineCount(content), 'line')})`,
      paths: [path],
      preview,
      fingerprint: { path, beforeHash: before.hash, afterHash: folder.hashText(content) },
      execute: async () => {
        await checkStillFile(folder, path)
        const { bytes } = await folder.writeText(path, content, before.hash)
        return { content: `${created ? 'Created' : 'Replaced'} ${path} (${count(lineCount(content), 'line')}, ${count(bytes, 'byte')})`, details: preview }
      },
    }
  },
  reconcile: { fingerprint: TextChangeSchema, judge: (change, { folder }) => judgeTextChange(change, folder) },
})

/** A file that cannot be shown may still be replaced; its hash is what counts. */
async function currentText(folder: WorkspaceFolder, path: string): Promise<{ readonly text: string; readonly hash: string | null }> {
  try {
    return await folder.readText(path, WRITE_BYTES)
  } catch (error) {
    if (!isAppError(error) || (error.code !== 'FILE_BINARY' && error.code !== 'FILE_TOO_LARGE')) throw error
    return { text: `[${error.message}]`, hash: await folder.hash(path) }
  }
}

function isTooLong(content: string): boolean {
  return content.length * 3 > WRITE_BYTES && new TextEncoder().encode(content).length > WRITE_BYTES
}

function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
