import { os } from '../implementer'
import type { Services } from '../services'

export function attachmentHandlers({ attachments }: Services) {
  return {
    add: os.attachments.add.handler(({ input: { params, body } }) => attachments.add(params.id, body)),
    read: os.attachments.read.handler(({ input }) => attachments.read(input.id)),
    remove: os.attachments.remove.handler(async ({ input }) => {
      await attachments.remove(input.id)
      return {}
    }),
  }
}
