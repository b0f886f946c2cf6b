import { z } from 'zod'
import { AppError } from '../../errors'
import { defineTool } from '../define-tool'
import { SEARCH_LINES } from './limits'
import { PathSchema, shownPath } from './workspace-path'

const SearchTextSchema = z.strictObject({
  pattern: z.string().min(1).max(10_000).describe('Regular expression (Rust syntax); escape ( ) [ ] { } . * + ? to mean them literally'),
  path: PathSchema.optional().describe('File or folder to search, relative to the workspace; everything when left out'),
})

export const searchText = defineTool({
  name: 'search_text',
  description: `Search the contents of files line by line with a regular expression. Returns up to ${SEARCH_LINES} lines as path:line:text. Case counts; begin with (?i) when it should not. Binary files and those that .gitignore excludes are left out.`,
  capability: 'read',
  readOnly: true,
  input: SearchTextSchema,
  prepare: async (input, { folder, search }) => {
    const resolved = await folder.resolve(input.path ?? '.')
    const path = shownPath(resolved.path)
    if (resolved.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${path} not found`)
    return {
      title: `Search ${path === '.' ? 'the workspace' : path} for ${input.pattern.slice(0, 100)}`,
      paths: [path],
      execute: async ({ signal }) => {
        const query = { pattern: input.pattern, path: path === '.' ? null : path, limit: SEARCH_LINES }
        const { lines, truncated } = await search.search(folder.root, query, signal)
        const note = truncated ? `\n[The first ${lines.length}. There are more: use a narrower pattern or path]` : ''
        return {
          content: lines.length === 0 ? '[No line matches]' : lines.join('\n') + note,
          details: { kind: 'matches', count: lines.length, truncated },
        }
      },
    }
  },
})
