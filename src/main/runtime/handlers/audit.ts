import { exportAudit } from '#core/audit/export-audit'
import { byteStream } from '../byte-stream'
import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function auditHandlers({ store }: Pick<RuntimePorts, 'store'>, { audit, events }: Services) {
  return {
    list: os.audit.list.handler(({ input }) => {
      events.settle()
      const { items, nextCursor } = store.audit.list(input)
      return { items: [...items], nextCursor }
    }),
    verify: os.audit.verify.handler(() => audit.verify()),
    signAnew: os.audit.signAnew.handler(({ context }) => audit.signAnew(context.traceId)),
    export: os.audit.export.handler(({ input }) => {
      events.settle()
      const headers = { 'content-type': 'application/jsonl; charset=utf-8', 'content-disposition': 'attachment; filename="trestle-audit.jsonl"' }
      return { headers, body: byteStream(exportAudit(store, input)) }
    }),
    exportParts: os.audit.exportParts.handler(async function* ({ input }) {
      events.settle()
      for (const text of exportAudit(store, input)) yield { text }
    }),
  }
}
