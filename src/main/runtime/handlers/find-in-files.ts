import { os } from '../implementer'
import type { Services } from '../services'

export function findInFilesHandlers({ findInFiles }: Services) {
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal
  return {
    run: os.findInFiles.run.handler(({ input: { id, query, limit }, signal }) => findInFiles.run(id, query, limit, signalOf(signal))),
    preview: os.findInFiles.preview.handler(({ input: { id, ...wanted }, signal }) => findInFiles.preview(id, wanted, signalOf(signal))),
    replacements: os.findInFiles.replacements.handler(({ input: { id, ...wanted }, signal }) => findInFiles.replacements(id, wanted, signalOf(signal))),
    replace: os.findInFiles.replace.handler(({ input: { id, ...wanted }, signal, context }) => findInFiles.replace(id, wanted, signalOf(signal), context.traceId)),
    undo: os.findInFiles.undo.handler(({ input }) => findInFiles.undo(input.id)),
  }
}
