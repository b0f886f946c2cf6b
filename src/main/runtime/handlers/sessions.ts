import { exportSession } from '#core/sessions/export/export-session'
import { getSession } from '#core/sessions/publish'
import { byteStream } from '../byte-stream'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function sessionHandlers({ store }: Pick<RuntimePorts, 'store'>, { events, sessions, runs, attachments }: Services) {
  /** What is told is on disk. */
  const settled = () => {
    events.settle()
    return { store, sessions }
  }
  return {
    create: os.sessions.create.handler(({ input, context }) => sessions.create(input, context.traceId)),
    list: os.sessions.list.handler(({ input }) => {
      const { items, nextCursor } = settled().store.sessions.list(input)
      return { items: [...items], nextCursor }
    }),
    get: os.sessions.get.handler(({ input }) => getSession(settled().store, input.id)),
    patch: os.sessions.patch.handler(({ input, context }) => sessions.patch(input, context.traceId)),
    remove: os.sessions.remove.handler(async ({ input, context }) => {
      await sessions.remove(input.id, context.traceId)
      return {}
    }),
    trash: os.sessions.trash.handler(({ input, context }) => sessions.trash(input.id, context.traceId)),
    untrash: os.sessions.untrash.handler(({ input, context }) => sessions.untrash(input.id, context.traceId)),
    export: os.sessions.export.handler(({ input: { id, format } }) => {
      const { fileName, mimeType, parts } = exportSession(settled().store, id, format)
      const headers = { 'content-type': `${mimeType}; charset=utf-8`, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}` }
      return { headers, body: byteStream(parts()) }
    }),
    exportParts: os.sessions.exportParts.handler(async function* ({ input: { id, format } }) {
      const { fileName, parts } = exportSession(settled().store, id, format)
      yield { text: '', fileName }
      for (const text of parts()) yield { text }
    }),
    entries: os.sessions.entries.handler(({ input: { id, ...query } }) => {
      const { items, nextCursor } = settled().sessions.entries(id, query)
      return { items: [...items], nextCursor }
    }),
    send: os.sessions.send.handler(({ input: { id, text, attachments: ids = [], afterEntryId, steer }, context }) => ({
      runId: runs.send(id, { text, attachments: attachments.pick(id, ids), afterEntryId, steer }, context.traceId).id,
    })),
    fork: os.sessions.fork.handler(({ input: { id, entryId }, context }) => sessions.fork(id, entryId, context.traceId)),
    forks: os.sessions.forks.handler(({ input }) => ({ items: settled().sessions.forks(input.id) })),
    compact: os.sessions.compact.handler(({ input, context }) => sessions.compact(input.id, context.traceId)),
    locate: os.sessions.locate.handler(({ input: { id, entryId } }) => ({ headId: sessions.locate(id, entryId) })),
    discard: os.sessions.discard.handler(({ input: { id, entryIds }, context }) => sessions.discard(id, entryIds, context.traceId)),
    context: os.sessions.context.handler(({ input: { id, entryId } }) => settled().sessions.context(id, entryId)),
  }
}

/** As fast as the other side takes it. */
