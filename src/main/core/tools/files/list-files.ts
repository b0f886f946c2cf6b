import { z } from 'zod'
import { AppError } from '../../errors'
import { defineTool } from '../define-tool'
import { LIST_NAMES } from './limits'
import { PathSchema, shownPath } from './workspace-path'

const ListFilesSchema = z.strictObject({
  path: PathSchema.optional().describe('Folder, relative to the workspace; the workspace itself when left out'),
})

export const listFiles = defineTool({
  name: 'list_files',
  description: 'List what is directly in a folder. Folders end in a slash. To find files in all folders use glob.',
  capability: 'read',
  readOnly: true,
  input: ListFilesSchema,
  prepare: async (input, { folder }) => {
    const resolved = await folder.resolve(input.path ?? '.')
    const path = shownPath(resolved.path)
    if (resolved.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${path} not found`)
    if (resolved.kind !== 'directory') throw new AppError('INVALID_PARAMETERS', `${path} is a file. Use read_file to read it`)
    return {
      title: path === '.' ? 'List the workspace' : `List ${path}`,
      paths: [path],
      execute: async () => {
        const { names, total } = await folder.list(path, LIST_NAMES)
        const truncated = total > names.length
        const note = truncated ? `\n[${names.length} of ${total}. Use glob to find the others]` : ''
        return { content: total === 0 ? '[The folder is empty]' : names.join('\n') + note, details: { kind: 'matches', count: total, truncated } }
      },
    }
  },
})
