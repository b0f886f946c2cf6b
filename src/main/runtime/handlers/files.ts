import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function fileHandlers({ host }: Pick<RuntimePorts, 'host'>, { files }: Services) {
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal
  return {
    list: os.files.list.handler(({ input }) => files.list(input.id, input.path)),
    find: os.files.find.handler(({ input: { id, ...query } }) => files.find(id, query)),
    changes: os.files.changes.handler(({ input, signal }) => files.changes(input.id, signalOf(signal))),
    marks: os.files.marks.handler(({ input, signal }) => files.marks(input.id, signalOf(signal))),
    read: os.files.read.handler(({ input }) => files.read(input.id, input.path)),
    write: os.files.write.handler(({ input }) => files.write(input.id, input.path, input.text, input.expectedHash)),
    create: os.files.create.handler(({ input }) => files.create(input.id, input.path, input.kind)),
    move: os.files.move.handler(({ input }) => files.move(input.id, input.from, input.to)),
    remove: os.files.remove.handler(({ input }) => files.remove(input.id, input.path)),
    reveal: os.files.reveal.handler(async ({ input }) => {
      const path = await files.locate(input.id, input.path)
      host.revealFile?.(path)
      return { path, shown: host.revealFile !== undefined }
    }),
  }
}
