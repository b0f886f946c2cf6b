import { expect, test } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { createMemorySettingsFile } from '../../../testing/memory-settings-file'
import { startTestRuntime } from '../../../testing/test-runtime'

const started = async (text: string | null = null) => {
  const settingsFile = createMemorySettingsFile(text)
  const runtime = startTestRuntime({ settingsFile })
  await runtime.runtime.start()
  return { ...runtime, settingsFile }
}

test('the first start writes what the store held into the file; from then on the file counts', async () => {
  const first = await started()
  expect(first.settingsFile.text()).toContain('"defaultModel": "fake/model"')
  expect(first.settingsFile.text()).not.toContain('"limits"')
  const settingsFile = createMemorySettingsFile('{ "theme": "dark" }')
  const second = startTestRuntime({ store: first.store, settingsFile })
  expect(await second.client.settings.get({})).toMatchObject({ theme: 'dark', defaultModel: null })
  expect(second.store.settings.get().theme).toBe('dark')
})

test('an edit by hand counts at once, and is told', async () => {
  const { client, settingsFile, events } = await started()
  settingsFile.edit('{ "theme": "dark", "defaultModel": "fake/model" /* hm */ }')
  expect(await client.settings.get({})).toMatchObject({ theme: 'dark' })
  expect(events.filter(({ topic }) => topic === 'settings.update')).toHaveLength(1)
  settingsFile.edit('{ "theme": "dark", "defaultModel": "fake/model" }')
  expect(events.filter(({ topic }) => topic === 'settings.update')).toHaveLength(1)
})

test('while the file is wrong the last good version counts, the place is told, and the file is not written over', async () => {
  const { client, settingsFile, events } = await started('{ "theme": "dark", "limits": { "maxSteps": 77 } }')
  const broken = '{\n  "theme": "light"\n  "demo": true\n}'
  settingsFile.edit(broken)
  expect(await client.settings.get({})).toMatchObject({ theme: 'dark', limits: { maxSteps: 77 } })
  expect(await client.settings.file({})).toMatchObject({ problem: { line: 3, column: 3 } })
  expect(events.at(-1)).toMatchObject({ topic: 'settings.file', payload: { problem: { line: 3 } } })
  await expect(client.settings.put({ theme: 'system' })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('line 3') })
  expect(settingsFile.text()).toBe(broken)
  settingsFile.edit('{ "theme": "light" }')
  expect(await client.settings.get({})).toMatchObject({ theme: 'light', limits: { maxSteps: 50 } })
  expect(events.at(-1)).toMatchObject({ topic: 'settings.file', payload: { problem: null } })
})

test('a start with a wrong file has the settings that were good last', async () => {
  const { store } = await started('{ "theme": "dark" }')
  const again = startTestRuntime({ store, settingsFile: createMemorySettingsFile('{ "theme": ') })
  expect(await again.client.settings.get({})).toMatchObject({ theme: 'dark' })
  expect(await again.client.settings.file({})).toMatchObject({ problem: { message: expect.stringContaining('ends too early') } })
})

test('a wrong value can be put right in the window, and nothing else can while it is there', async () => {
  const { client, settingsFile } = await started('{ "theme": "purple", "mine": 1 }')
  await expect(client.settings.put({ demo: true })).rejects.toMatchObject({ code: 'CONFLICT' })
  await client.settings.put({ theme: 'dark' })
  expect(settingsFile.text()).toBe('{ "theme": "dark", "mine": 1 }')
  expect(await client.settings.file({})).toMatchObject({ problem: null, unknown: ['mine'] })
})

test('a change from the window and one by hand in the same moment both stay', async () => {
  const { client, settingsFile } = await started('{ "theme": "dark" }')
  // Written, and the watcher has not told yet.
  settingsFile.write('{ "theme": "dark", "demo": true }')
  expect(await client.settings.put({ theme: 'light' })).toMatchObject({ theme: 'light', demo: true })
  expect(settingsFile.text()).toBe('{ "theme": "light", "demo": true }')
})

test('a file that is gone is written again with the next change', async () => {
  const { client, settingsFile } = await started('{ "theme": "dark" }')
  settingsFile.edit(null)
  expect(await client.settings.get({})).toMatchObject({ theme: 'dark' })
  await client.settings.put({ demo: true })
  expect(JSON.parse(settingsFile.text()?.replace(/^\/\/.*$/gm, '') ?? '')).toEqual({ theme: 'dark', demo: true })
})

test('the taken name of a server is refused and nothing is written', async () => {
  const { client, settingsFile } = await started('{}')
  await expect(client.settings.put({ compatible: [{ id: 'openai', name: 'x', baseUrl: 'http://127.0.0.1:1', models: [] }] }))
    .rejects.toMatchObject({ code: 'INVALID_PARAMETERS', message: expect.stringContaining('taken') })
  expect(settingsFile.text()).toBe('{}')
  expect(SettingsSchema.parse(await client.settings.get({})).compatible).toEqual([])
})
