import { z } from 'zod'
import { AppError } from '../../errors'
import { defineTool } from '../define-tool'
import { GLOB_PATHS } from './limits'

const GlobSchema = z.strictObject({
  pattern: z.string().min(1).max(1_000).describe('For instance src/**/*.ts, or *.md for that name in any folder'),
})

export const glob = defineTool({
  name: 'glob',
  description: `Find files by a pattern of their path. Returns up to ${GLOB_PATHS} paths, sorted. Files that .gitignore excludes are left out.`,
  capability: 'read',
  readOnly: true,
  input: GlobSchema,
  prepare: async (input, { folder, search }) => {
    const pattern = insideWorkspace(input.pattern, folder.root)
    return {
      title: `Find ${pattern}`,
      paths: ['.'],
      execute: async ({ signal }) => {
        const { paths, truncated } = await search.glob(folder.root, pattern, GLOB_PATHS, signal)
        const note = truncated ? `\n[The first ${paths.length}. There are more: use a narrower pattern]` : ''
        return {
          content: paths.length === 0 ? `[No file matches ${pattern}]` : paths.join('\n') + note,
          details: { kind: 'matches', count: paths.length, truncated },
        }
      },
    }
  },
})

function insideWorkspace(pattern: string, root: string): string {
  const relative = pattern.startsWith(`${root}/`) ? pattern.slice(root.length + 1) : pattern
  const leadsOut = relative.startsWith('/') || relative.includes('\0') || relative.split(/[/\\]/).includes('..')
  if (leadsOut) throw new AppError('PATH_OUTSIDE_WORKSPACE', 'Path access denied - outside workspace')
  return relative
}
