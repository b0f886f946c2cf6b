import { z } from 'zod'
import { AppError } from '../../errors'
import { defineTool } from '../define-tool'
import { checkStillThere, hashIfKnown, PathSchema, resolveEntry } from './workspace-path'

const MoveFileSchema = z.strictObject({
  from: PathSchema.describe('File or folder, relative to the workspace'),
  to: PathSchema.describe('Its new path, not the folder to put it in; missing folders are made'),
})

const MoveSchema = z.object({ from: z.string(), to: z.string(), hash: z.string().nullable() })

export const moveFile = defineTool({
  name: 'move_file',
  description: 'Move or rename a file or folder. Never overwrites: fails when something is at the new path.',
  capability: 'edit',
  readOnly: false,
  input: MoveFileSchema,
  prepare: async (input, { folder }) => {
    const source = await resolveEntry(folder, input.from)
    const target = await resolveEntry(folder, input.to)
    if (source.path === '') throw new AppError('PERMISSION_DENIED', 'The workspace folder itself cannot be moved')
    if (source.kind === 'missing') throw new AppError('RESOURCE_NOT_FOUND', `${source.path} not found`)
    if (target.kind === 'directory') throw new AppError('CONFLICT', `${target.path} is a folder that exists; give the full new path, for instance ${target.path}/${source.path.split('/').at(-1)}`)
    if (target.kind !== 'missing' && source.path !== target.path) throw new AppError('CONFLICT', `${target.path} already exists; nothing was moved`)
    const [from, to, hash] = [source.path, target.path, await folder.hash(source.path)]
    return {
      title: `Move ${from} to ${to}`,
      paths: [from, to],
      preview: { kind: 'move', from, to },
      fingerprint: { from, to, hash },
      execute: async () => {
        for (const path of [from, to]) await checkStillThere(folder, path)
        if ((await folder.hash(from)) !== hash) throw new AppError('FILE_CHANGED', `${from} has changed since it was looked at; nothing was moved. Read it again`)
        await folder.move(from, to)
        return { content: `Moved ${from} to ${to}`, details: { kind: 'move', from, to } }
      },
    }
  },
  reconcile: {
    fingerprint: MoveSchema,
    judge: async ({ from, to, hash }, { folder }) => {
      const [atSource, atTarget] = [await hashIfKnown(folder, from), await hashIfKnown(folder, to)]
      if (atSource === null && atTarget === hash) return 'done'
      return atSource === hash && atTarget === null ? 'not_done' : 'unknown'
    },
  },
})
