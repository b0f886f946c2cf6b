import { z } from 'zod'
import { AppError, assertNever } from '../../errors'
import { defineTool } from '../define-tool'
import { applyEdit, type Edit } from './apply-edit'
import { WRITE_BYTES } from './limits'
import { diffPreview } from './text-preview'
import { checkStillFile, count, judgeTextChange, PathSchema, resolveFile, TextChangeSchema } from './workspace-path'

const EditFileSchema = z.strictObject({
  path: PathSchema.describe('File, relative to the workspace'),
  old_text: z.string().min(1).describe('Text to replace, exactly as it is in the file, white space included'),
  new_text: z.string().describe('What to put in its place; empty removes it'),
  replace_all: z.boolean().optional().describe('Replace every occurrence; otherwise old_text must occur exactly once'),
})

export const editFile = defineTool({
  name: 'edit_file',
  description: 'Replace text in a file. old_text must match exactly and occur once: add lines around it until it does, or set replace_all.',
  capability: 'edit',
  readOnly: false,
  input: EditFileSchema,
  prepare: async (input, { folder }) => {
    if (input.old_text === input.new_text) throw new AppError('INVALID_PARAMETERS', 'old_text and new_text are the same; nothing would change')
    const path = await resolveFile(folder, input.path)
    const before = await folder.readText(path, WRITE_BYTES)
    const edited = edit(path, before.text, { oldText: input.old_text, newText: input.new_text, replaceAll: input.replace_all ?? false })
    const preview = diffPreview(path, before.text, edited.text, false)
    return {
      title: `Edit ${path} at line ${edited.line}${edited.replacements > 1 ? ` and ${count(edited.replacements - 1, 'other place')}` : ''}`,
      paths: [path],
      preview,
      fingerprint: { path, beforeHash: before.hash, afterHash: folder.hashText(edited.text) },
      execute: async () => {
        await checkStillFile(folder, path)
        await folder.writeText(path, edited.text, before.hash)
        return { content: `Edited ${path}: ${count(edited.replacements, 'replacement')}, first at line ${edited.line}`, details: preview }
      },
    }
  },
  reconcile: { fingerprint: TextChangeSchema, judge: (change, { folder }) => judgeTextChange(change, folder) },
})

function edit(path: string, text: string, change: Edit) {
  const result = applyEdit(text, change)
  switch (result.kind) {
    case 'edited':
      if (result.text.length > WRITE_BYTES) throw new AppError('FILE_TOO_LARGE', `${path} would become larger than ${WRITE_BYTES / 1024 / 1024} MB`)
      return result
    case 'missing':
      throw new AppError('INVALID_PARAMETERS', `old_text is not in ${path}; nothing was changed.${result.hint === '' ? ' Read the file again' : result.hint}`)
    case 'ambiguous':
      throw new AppError('INVALID_PARAMETERS', `old_text occurs ${result.count} times in ${path} (lines ${result.lines.join(', ')}${result.count > result.lines.length ? ', …' : ''}); nothing was changed. Add lines around it to make it unique, or set replace_all`)
    default:
      return assertNever(result)
  }
}
