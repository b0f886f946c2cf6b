import { describe, expect, it } from 'vitest'
import { startTestRuntime } from '../../testing/test-runtime'

describe('models and providers', () => {
  it('never give a key back, and hand it only to the client of its provider', async () => {
    const test = startTestRuntime({ environment: { TRESTLE_MODEL: 'openai/gpt-test' } })
    await test.runtime.start()
    expect(await test.client.providers.setKey({ id: 'openai', key: 'sk-secret' })).toEqual({
      id: 'openai', kind: 'openai', name: 'OpenAI', baseUrl: null, keyOptional: false, key: 'session',
      keys: [{ id: expect.any(String), name: 'Key', fromEnvironment: false, standsIn: false, state: 'untried', until: null, isDefault: true, workspaceIds: [] }],
    })
    await test.client.agents.execute({ instruction: 'hi' })
    expect(test.configs).toEqual([{ id: 'openai', kind: 'openai', baseUrl: null, apiKey: 'sk-secret' }])
    const told = JSON.stringify([await test.client.providers.list({}), await test.client.settings.get({}), test.store.events.readAfter(0, 1000)])
    expect(told).not.toContain('sk-secret')
  })

  it('take a key from the environment before the one that is kept', async () => {
    const test = startTestRuntime({ environment: { OPENAI_API_KEY: 'sk-environment' } })
    await test.client.providers.setKey({ id: 'openai', key: 'sk-kept' })
    expect((await test.client.providers.list({})).items[0]).toMatchObject({ id: 'openai', key: 'environment' })
    await test.client.providers.test({ id: 'openai' })
    expect(test.configs.at(-1)?.apiKey).toBe('sk-environment')
  })

  it('make a new client when the key or the address changes, and only then', async () => {
    const test = startTestRuntime()
    await test.client.providers.setKey({ id: 'openai', key: 'one' })
    await test.client.providers.test({ id: 'openai' })
    await test.client.providers.test({ id: 'openai' })
    await test.client.providers.setKey({ id: 'openai', key: 'two' })
    await test.client.providers.test({ id: 'openai' })
    await test.client.settings.put({ openaiBaseUrl: 'http://127.0.0.1:1/v1' })
    await test.client.providers.test({ id: 'openai' })
    expect(test.configs.map(({ apiKey, baseUrl }) => [apiKey, baseUrl])).toEqual([['one', null], ['two', null], ['two', 'http://127.0.0.1:1/v1']])
  })

  it('list what can be used, with models typed in by hand, and say what lacks a key', async () => {
    const test = startTestRuntime()
    await test.client.settings.put({ compatible: [{ id: 'box', name: 'Box', baseUrl: 'http://127.0.0.1:1', models: ['mine'] }], demo: false })
    const { items } = await test.client.models.list({})
    expect(items.map(({ id, available, contextWindow }) => [id, available, contextWindow])).toEqual([['box/model', true, 200_000], ['box/mine', true, null]])
    expect((await test.client.providers.test({ id: 'anthropic' })).error?.code).toBe('KEY_MISSING')
  })

  it('refuse two servers of one name, and keep the settings as they were', async () => {
    const test = startTestRuntime()
    const before = await test.client.settings.get({})
    const server = { id: 'box', name: 'Box', baseUrl: 'http://127.0.0.1:1', models: [] }
    await expect(test.client.settings.put({ compatible: [server, server] })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    await expect(test.client.settings.put({ compatible: [{ ...server, id: 'openai' }] })).rejects.toMatchObject({ code: 'INVALID_PARAMETERS' })
    expect(await test.client.settings.get({})).toEqual(before)
  })

  it('keep keys left out of a change of settings as they are', async () => {
    const test = startTestRuntime()
    const before = await test.client.settings.get({})
    expect(await test.client.settings.put({ theme: 'dark' })).toEqual({ ...before, theme: 'dark' })
  })
})
