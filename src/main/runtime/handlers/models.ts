import { tellModels } from '#core/models/tell-models'
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
  const told = async <T>(traceId: string, work: Promise<T>): Promise<T> => {
    const result = await work
    tellModels(events, traceId)
    return result
  }
  return {
    list: os.providers.list.handler(async () => ({ items: await models.providers() })),
    setKey: os.providers.setKey.handler(({ input: { id, key }, context: { traceId } }) => told(traceId, models.setKey(id, key, traceId))),
    removeKey: os.providers.removeKey.handler(({ input: { id }, context: { traceId } }) => told(traceId, models.removeKey(id, traceId))),
    addKey: os.providers.addKey.handler(({ input: { id, ...key }, context: { traceId } }) => told(traceId, models.addKey(id, key, traceId))),
    changeKey: os.providers.changeKey.handler(({ input: { id, keyId, ...change }, context: { traceId } }) => told(traceId, models.changeKey(id, keyId, change, traceId))),
    dropKey: os.providers.dropKey.handler(({ input: { id, keyId }, context: { traceId } }) => told(traceId, models.dropKey(id, keyId, traceId))),
    chooseKey: os.providers.chooseKey.handler(({ input: { id, workspaceId, keyId }, context: { traceId } }) => told(traceId, models.chooseKey(id, workspaceId, keyId, traceId))),
    test: os.providers.test.handler(({ input: { id }, context }) => told(context.traceId, models.test(id))),
    testKey: os.providers.testKey.handler(({ input: { id, keyId }, context }) => told(context.traceId, models.test(id, keyId))),
    discover: os.providers.discover.handler(async () => {
      const servers = await discoverLocalServers()
      return { items: servers.map(({ name, baseUrl, models: found }) => ({ name, baseUrl, models: [...found] })) }
    }),
  }
}
