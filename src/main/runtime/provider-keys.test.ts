import { expect, test } from 'vitest'
import { AppError } from '#core/errors'
import { createManualClock } from '../../testing/manual-clock'
import { createScriptedProvider, type FakeReply } from '../../testing/scripted-provider'
import { startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'

const refused = { error: new AppError('KEY_REFUSED', 'OpenAI refused the key (HTTP 401).') }
const limited = { error: new AppError('RATE_LIMIT_ERROR', 'OpenAI limits how often it may be asked.', { retryAfterMs: 90_000 }) }

/** `answers`: by the value of a key. */
async function withKeys(answers: Readonly<Record<string, FakeReply>> = {}, options: TestRuntimeOptions = {}) {
  const asked: string[] = []
  const test = startTestRuntime({
    ...options,
    providerFor: ({ apiKey }) => ({
      ...createScriptedProvider(() => {
        asked.push(apiKey ?? 'none')
        return answers[apiKey ?? ''] ?? { text: 'Hello.' }
      }),
      listModels: () => (answers[apiKey ?? '']?.error ? Promise.reject(answers[apiKey ?? '']?.error ?? new Error()) : Promise.resolve([])),
    }),
  })
  await test.runtime.start()
  await test.client.settings.put({ defaultModel: 'openai/gpt-test' })
  const add = async (name: string, key: string, standsIn = false) => {
    const { keys } = await test.client.providers.addKey({ id: 'openai', name, key, standsIn })
    return keys.find((each) => each.name === name)?.id ?? ''
  }
  const keys = async () => (await test.client.providers.list({})).items.find(({ id }) => id === 'openai')?.keys ?? []
  const say = async (workspaceId: string | null = null) => {
    const session = await test.client.sessions.create({ workspaceId })
    const { runId } = await test.client.sessions.send({ id: session.id, text: 'Hello' })
    const end = await test.until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
    return end.topic === 'run.update' ? end.payload.run : null
  }
  const audited = async () => (await test.client.audit.list({ kind: 'secret', limit: 100 })).items.map(({ title }) => title)
  const notices = async () => (await test.client.system.info({})).notices.map(({ text }) => text)
  return { ...test, values: test.keys, asked, add, keys, say, audited, notices }
}

test('a provider has several keys with names: one by default, and one that a folder chose', async () => {
  const app = await withKeys()
  await app.add('Private', 'sk-private')
  const work = await app.add('Work', 'sk-work')
  await app.client.providers.chooseKey({ id: 'openai', workspaceId: 'workspace', keyId: work })
  expect(await app.keys()).toMatchObject([{ name: 'Private', isDefault: true, workspaceIds: [] }, { name: 'Work', isDefault: false, workspaceIds: ['workspace'] }])
  await app.say()
  await app.say('workspace')
  await app.client.providers.chooseKey({ id: 'openai', keyId: work })
  await app.client.providers.chooseKey({ id: 'openai', workspaceId: 'workspace', keyId: null })
  await app.say()
  expect(app.asked).toEqual(['sk-private', 'sk-work', 'sk-work'])
  await app.client.providers.dropKey({ id: 'openai', keyId: work })
  expect(await app.keys()).toMatchObject([{ name: 'Private', isDefault: true }])
  await app.say('workspace')
  expect(app.asked.at(-1)).toBe('sk-private')
  expect([...app.values.values()]).toEqual(['sk-private'])
})

test('no value is told, stored or recorded, whatever is done with it', async () => {
  const app = await withKeys({ 'sk-secret-2': refused })
  const first = await app.add('First', 'sk-secret-1')
  const told: unknown[] = [await app.client.providers.changeKey({ id: 'openai', keyId: first, key: 'sk-secret-2', name: 'Renamed' })]
  told.push(await app.client.providers.testKey({ id: 'openai', keyId: first }), await app.keys(), await app.say(), await app.client.audit.list({ limit: 100 }))
  told.push(app.store.providerKeys.list(null), app.store.events.readAfter(0, 1000), await app.notices(), app.logged)
  await app.client.providers.addKey({ id: 'openai', name: 'renamed', key: 'sk-secret-3' }).catch((error: unknown) => told.push(String(error)))
  expect(JSON.stringify(told)).toContain('Renamed')
  expect(JSON.stringify(told)).not.toContain('sk-secret')
})

test('where a person allowed it, a refused key moves on to the next one, with a notice and a record, until it is replaced', async () => {
  const app = await withKeys({ bad: refused })
  const first = await app.add('Work', 'bad')
  await app.add('Other', 'unused')
  await app.add('Private', 'good', true)
  expect(await app.say()).toMatchObject({ state: 'completed' })
  expect(await app.say()).toMatchObject({ state: 'completed' })
  expect(app.asked).toEqual(['bad', 'good', 'good'])
  expect(await app.notices()).toEqual(['OpenAI refused the key “Work”. “Private” is used instead until it is replaced or tested. Settings, Models and keys.'])
  expect(await app.audited()).toContain('OpenAI refused the key “Work”. “Private” is used instead until it is replaced or tested.')
  expect(await app.keys()).toMatchObject([{ state: 'refused', until: null }, { state: 'untried' }, { state: 'works' }])
  await app.client.providers.changeKey({ id: 'openai', keyId: first, key: 'better' })
  await app.say()
  expect(app.asked.at(-1)).toBe('better')
})

test('without that, the turn ends with what the provider said, and no other key is used', async () => {
  const app = await withKeys({ bad: refused })
  await app.add('Work', 'bad')
  await app.add('Private', 'good')
  expect(await app.say()).toMatchObject({ state: 'failed', error: { code: 'KEY_REFUSED' } })
  expect(app.asked).toEqual(['bad'])
  expect(await app.notices()).toEqual([])
})

test('a limited key is left alone as long as the provider says, and is the first again then', async () => {
  const clock = createManualClock()
  const app = await withKeys({ busy: limited }, { clock })
  await app.add('Work', 'busy')
  await app.add('Private', 'good', true)
  await app.say()
  clock.advance(89_000)
  await app.say()
  expect(await app.keys()).toMatchObject([{ state: 'limited', until: clock.now() + 1000 }, { state: 'works' }])
  clock.advance(2000)
  await app.say()
  expect(app.asked).toEqual(['busy', 'good', 'good', 'busy', 'good'])
  expect(await app.notices()).toHaveLength(2)
})

test('a reply that has begun is not asked for again with another key', async () => {
  const app = await withKeys({ bad: { text: 'Half a', ...refused } })
  await app.add('Work', 'bad')
  await app.add('Private', 'good', true)
  expect(await app.say()).toMatchObject({ state: 'failed' })
  expect(app.asked).toEqual(['bad'])
})

test('when all of them are limited, the turn is told so by the last', async () => {
  const app = await withKeys({ one: refused, two: refused })
  await app.add('One', 'one')
  await app.add('Two', 'two', true)
  expect(await app.say()).toMatchObject({ state: 'failed', error: { code: 'KEY_REFUSED' } })
  expect(app.asked).toEqual(['one', 'two'])
  await app.say()
  expect(app.asked).toEqual(['one', 'two', 'one'])
})

test('each key is tested for itself, and one that is gone is no key', async () => {
  const app = await withKeys({ bad: refused })
  const bad = await app.add('Bad', 'bad')
  const good = await app.add('Good', 'good', true)
  expect(await app.client.providers.testKey({ id: 'openai', keyId: bad })).toMatchObject({ ok: false, error: { code: 'KEY_REFUSED' } })
  expect(await app.client.providers.testKey({ id: 'openai', keyId: good })).toMatchObject({ ok: true })
  expect(await app.keys()).toMatchObject([{ state: 'refused' }, { state: 'works' }])
  await expect(app.client.providers.testKey({ id: 'openai', keyId: 'none' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await expect(app.client.providers.chooseKey({ id: 'openai', keyId: 'none' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  await expect(app.client.providers.addKey({ id: 'openai', name: 'good', key: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('a key of an earlier version gets a name and goes on; one whose value is gone says so', async () => {
  const app = await withKeys()
  app.values.set('provider:openai', 'sk-old')
  await app.say()
  expect(app.asked).toEqual(['sk-old'])
  expect(await app.keys()).toMatchObject([{ name: 'Key', isDefault: true }])
  app.values.clear()
  expect(await app.keys()).toMatchObject([{ name: 'Key', state: 'missing' }])
  expect(await app.say()).toMatchObject({ state: 'failed', error: { code: 'KEY_MISSING', message: expect.stringContaining('Enter it again') } })
  await app.add('Private', 'sk-private', true)
  expect(await app.say()).toMatchObject({ state: 'completed' })
})

test('with everything that is erased go all values from the keychain', async () => {
  const app = await withKeys()
  await app.add('Work', 'sk-1')
  await app.add('Private', 'sk-2')
  await app.client.web.setKey({ key: 'sk-search' })
  await app.client.mcp.create({ name: 'far', transport: { kind: 'http', url: 'https://far.example/mcp', headers: ['X-Key'] }, secrets: { 'X-Key': 'sk-far' } })
  expect(app.values.size).toBe(4)
  await app.client.data.erase({ confirm: 'erase everything' })
  expect([...app.values.keys()]).toEqual([])
})

test('the key of a server goes with it, and that of the environment can be passed over', async () => {
  const app = await withKeys({}, { environment: { OPENAI_API_KEY: 'sk-environment' } })
  const own = await app.add('Own', 'sk-own')
  await app.say()
  await app.client.providers.chooseKey({ id: 'openai', keyId: own })
  await app.say()
  expect(app.asked).toEqual(['sk-environment', 'sk-own'])
  expect(await app.keys()).toMatchObject([{ id: 'environment', fromEnvironment: true, isDefault: false }, { name: 'Own', isDefault: true }])
  await app.client.providers.setKey({ id: 'fake', key: 'sk-fake' })
  await app.client.settings.put({ compatible: [] })
  await expect.poll(() => [...app.values.keys()]).toEqual(['provider:openai'])
})
