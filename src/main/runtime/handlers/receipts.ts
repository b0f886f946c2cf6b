import { firstChanged, makeReceipt } from '#core/receipts/receipt'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function receiptHandlers({ store, sha256 }: Pick<RuntimePorts, 'store' | 'sha256'>, { events }: Services) {
  return {
    get: os.receipts.get.handler(({ input }) => {
      events.settle()
      return makeReceipt(store, sha256, input.id)
    }),
    verify: os.receipts.verify.handler(({ input }) => {
      const changed = firstChanged(input, sha256)
      return { valid: changed === null, firstChanged: changed }
    }),
  }
}
