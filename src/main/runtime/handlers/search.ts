import { os } from '../implementer'
import type { Services } from '../services'

export function searchHandlers({ search }: Services) {
  const signalOf = (signal: AbortSignal | undefined) => signal ?? new AbortController().signal
  return {
    run: os.search.run.handler(({ input: { id, query, limit }, signal }) => search.run(id, query, limit, signalOf(signal))),
    preview: os.search.preview.handler(({ input: { id, ...wanted }, signal }) => search.preview(id, wanted, signalOf(signal))),
    replace: os.search.replace.handler(({ input: { id, ...wanted }, signal, context }) => search.replace(id, wanted, signalOf(signal), context.traceId)),
    undo: os.search.undo.handler(({ input }) => search.undo(input.id)),
  }
}
