import { os } from '../implementer'
import type { Services } from '../services'

const never = new AbortController().signal

export function changeHandlers({ uncommitted }: Services) {
  return {
    uncommitted: os.changes.uncommitted.handler(({ input, signal }) => uncommitted.list(input.id, signal ?? never)),
    uncommittedFile: os.changes.uncommittedFile.handler(({ input, signal }) => uncommitted.file(input.id, input.path, signal ?? never)),
    revertUncommitted: os.changes.revertUncommitted.handler(({ input: { id, ...choice }, context }) => uncommitted.revert(id, choice, context.traceId)),
  }
}
