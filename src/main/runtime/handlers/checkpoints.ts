import { present } from '#core/checkpoints/recorder'
import { getSession } from '#core/sessions/publish'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function checkpointHandlers({ store }: Pick<RuntimePorts, 'store'>, { checkpoints, branches, runs }: Services) {
  const { service, comparer, recorder } = checkpoints
  return {
    list: os.checkpoints.list.handler(({ input: { id, cursor, limit } }) => {
      getSession(store, id)
      const { items, nextCursor } = store.checkpoints.list(id, { cursor, limit })
      return { items: items.map(present), nextCursor, currentId: store.checkpoints.current(id) }
    }),
    create: os.checkpoints.create.handler(async ({ input: { id, name, pinned }, context }) => present(await service.create(id, { name, pinned }, context.traceId))),
    get: os.checkpoints.get.handler(({ input }) => service.detail(input.id)),
    patch: os.checkpoints.patch.handler(({ input: { id, title, pinned }, context }) => {
      const { sessionId } = recorder.get(id)
      return present(recorder.change(id, { ...(title !== undefined && { title }), ...(pinned !== undefined && { pinned }) }, { sessionId, runId: null, traceId: context.traceId }))
    }),
    remove: os.checkpoints.remove.handler(({ input, context }) => {
      const { sessionId } = recorder.get(input.id)
      recorder.remove([input.id], { sessionId, runId: null, traceId: context.traceId })
      return {}
    }),
    diff: os.checkpoints.diff.handler(({ input: { a, b, limit } }) => comparer.diff(a, b, limit)),
    fileDiff: os.checkpoints.fileDiff.handler(({ input: { a, b, path } }) => comparer.fileDiff(a, b, path)),
    preview: os.checkpoints.preview.handler(({ input: { id, ...input } }) => service.preview(id, input)),
    restore: os.checkpoints.restore.handler(({ input: { id, ...input }, context }) => service.restore(id, input, context.traceId)),
    previewUndo: os.checkpoints.previewUndo.handler(({ input: { target, ...choice } }) => service.previewUndo(target, choice)),
    undoFileDiff: os.checkpoints.undoFileDiff.handler(({ input: { target, path } }) => service.undoFileDiff(target, path)),
    undo: os.checkpoints.undo.handler(({ input: { target, ...choice }, context }) => service.undo(target, choice, context.traceId)),
    branch: os.checkpoints.branch.handler(async ({ input: { id, ...input }, context }) => {
      const made = await branches.create(id, input, context.traceId)
      const runId = input.text === undefined ? null : runs.send(made.branch.sessionId, { text: input.text }, context.traceId).id
      return { ...made, runId }
    }),
  }
}

export function branchHandlers({ branches }: Services) {
  return {
    list: os.branches.list.handler(({ input }) => ({ items: branches.list(input.id) })),
    compare: os.branches.compare.handler(({ input: { id, other } }) => branches.compare(id, other)),
    compareFile: os.branches.compareFile.handler(({ input: { id, other, path } }) => branches.compareFile(id, other, path)),
    previewFile: os.branches.previewFile.handler(({ input: { id, path } }) => branches.previewFile(id, path)),
    preview: os.branches.preview.handler(({ input: { id, ...choice } }) => branches.preview(id, choice)),
    bringHome: os.branches.bringHome.handler(({ input: { id, ...choice }, context }) => branches.bringHome(id, choice, context.traceId)),
    remove: os.branches.remove.handler(async ({ input, context }) => {
      await branches.remove(input.id, context.traceId)
      return {}
    }),
  }
}
