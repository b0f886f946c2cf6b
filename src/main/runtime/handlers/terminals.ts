import { os } from '../implementer'
import type { Services } from '../services'

export function terminalHandlers({ terminals }: Services) {
  return {
    create: os.terminals.create.handler(({ input: { id, ...size } }) => terminals.create(id, size)),
    list: os.terminals.list.handler(({ input }) => ({ items: terminals.list(input.id) })),
    rename: os.terminals.rename.handler(({ input }) => terminals.rename(input.id, input.title)),
    output: os.terminals.output.handler(({ input, signal }) => terminals.output(input.id, signal ?? new AbortController().signal)),
    seen: os.terminals.seen.handler(({ input }) => {
      terminals.seen(input.id, input.offset)
      return {}
    }),
    input: os.terminals.input.handler(({ input }) => {
      terminals.input(input.id, input.data)
      return {}
    }),
    resize: os.terminals.resize.handler(({ input }) => {
      terminals.resize(input.id, input.columns, input.rows)
      return {}
    }),
    close: os.terminals.close.handler(async ({ input }) => {
      await terminals.close(input.id)
      return {}
    }),
  }
}
