import { z } from 'zod'
import { AppError } from '../../errors'
import type { LineRange } from '../../ports/workspace-files'
import { defineTool } from '../define-tool'
import { READ_BYTES, READ_LINES } from './limits'
import { count, PathSchema, resolveFile } from './workspace-path'

const ReadFileSchema = z.strictObject({
  path: PathSchema.describe('File, relative to the workspace'),
  offset: z.int().min(1).optional().describe('First line to read, from 1'),
  limit: z.int().min(1).optional().describe(`Most lines to read; ${READ_LINES} when left out`),
})

export const readFile = defineTool({
  name: 'read_file',
  description: `Read a text file. Returns its lines as they are, at most ${READ_LINES} lines or ${READ_BYTES / 1_000} kB; when more follow, the last line says which offset to go on with. Read a file before you edit it.`,
  capability: 'read',
  readOnly: true,
  input: ReadFileSchema,
  prepare: async ({ path: asked, offset = 1, limit = READ_LINES }, { folder }) => {
    const path = await resolveFile(folder, asked)
    return {
      title: offset === 1 ? `Read ${path}` : `Read ${path} from line ${offset}`,
      paths: [path],
      execute: async () => {
        const range = await folder.readLines(path, offset, limit, READ_BYTES)
        return { content: contentOf(range, path, offset), details: { kind: 'file', path, lines: range.lines.length, bytes: range.totalBytes } }
      },
    }
  },
})

function contentOf(range: LineRange, path: string, offset: number): string {
  if (range.totalBytes === 0) return '[The file is empty]'
  if (range.lines.length === 0) {
    const has = range.totalLines === null ? 'fewer lines' : count(range.totalLines, 'line')
    throw new AppError('INVALID_PARAMETERS', `${path} has ${has}; there is no line ${offset}`)
  }
  const text = range.lines.map((line) => line.replace(/\r$/, '')).join('\n').replace(/^\uFEFF/, '')
  if (range.nextLine === null) return text
  const total = range.totalLines === null ? `a file of ${range.totalBytes} bytes` : String(range.totalLines)
  return `${text}\n[Lines ${offset} to ${range.nextLine - 1} of ${total}. Go on with offset ${range.nextLine}]`
}
