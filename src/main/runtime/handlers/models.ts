import { os } from '../implementer'
import type { RuntimePorts, Services } from '../services'

export function modelHandlers({ models, events }: Services) {
  return {
    list: os.models.list.handler(async () => ({ items: await models.list() })),
    refresh: os.models.refresh.handler(async ({ context }) => {
      const refreshed = await models.refresh()
      tellModels(events, context.traceId)
      return refreshed
    }),
  }
}

export function providerHandlers({ discoverLocalServers }: Pick<RuntimePorts, 'discoverLocalServers'>, { models, events }: Services) {
  return {
    list: os.providers.list.handler(async () => ({ items: await models.providers() })),
    setKey: os.providers.setKey.handler(async ({ input: { id, key }, context }) => {
      const provider = await models.setKey(id, key)
      tellModels(events, context.traceId)
      return provider
    }),
    removeKey: os.providers.removeKey.handler(async ({ input: { id }, context }) => {
      const provider = await models.removeKey(id)
      tellModels(events, context.traceId)
      return provider
    }),
    test: os.providers.test.handler(async ({ input: { id }, context }) => {
      const result = await models.test(id)
      if (result.ok) tellModels(events, context.traceId)
      return result
    }),
    discover: os.providers.discover.handler(async () => {
      const servers = await discoverLocalServers()
      return { items: servers.map(({ name, baseUrl, models: found }) => ({ name, baseUrl, models: [...found] })) }
    }),
  }
}

function tellModels(events: Services['events'], traceId: string): void {
  events.transact((emit) => { emit({ topic: 'models.update', payload: {} }, { sessionId: null, runId: null, traceId }) })
}
