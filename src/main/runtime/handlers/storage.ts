import { os } from '../implementer'
import type { Services } from '../services'

export function storageHandlers({ checkpoints: { storage } }: Services) {
  return {
    get: os.storage.get.handler(() => storage.get()),
    pins: os.storage.pins.handler(({ input }) => storage.pins(input)),
    prune: os.storage.prune.handler(({ context }) => storage.start('prune', context.traceId)),
    compact: os.storage.compact.handler(({ context }) => storage.start('compact', context.traceId)),
    verify: os.storage.verify.handler(({ context }) => storage.start('verify', context.traceId)),
  }
}
