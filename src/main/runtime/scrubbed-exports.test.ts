import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { exportLines } from '#core/data/export-lines'
import { redact } from '../adapters/pino/redact'
import { proved } from '../../testing/attacks'
import { readTool, startTestRuntime } from '../../testing/test-runtime'

const random = (length: number, seed: number) => createHash('sha512').update(String(seed)).digest('base64').replaceAll(/[^A-Za-z\d]/g, '').slice(0, length)
const keys = [
  `sk-proj-${random(40, 1)}`, `sk-ant-api03-${random(40, 2)}`, `AKIA${'ABCDEFGHIJKLMNOQ'}`, `ghp_${random(36, 3)}`, `glpat-${random(20, 4)}`, `xoxb-${random(20, 5)}`, `AIza${random(35, 6)}`, `sk_live_${random(24, 7)}`, `hf_${random(34, 8)}`, `npm_${random(36, 9)}`,
  `eyJ${random(20, 10)}.eyJ${random(30, 11)}.${random(20, 12)}`, `-----BEGIN RSA PRIVATE KEY-----\n${random(64, 13)}\n-----END RSA PRIVATE KEY-----`,
]
/** The part of each that nobody may read. */
const cores = keys.map((key) => key.split('\n')[1] ?? key.slice(8))
const holds = (text: string) => cores.filter((core) => text.includes(core))

async function textOf(body: ReadableStream): Promise<string> {
  return new Response(body).text()
}

test('no export, receipt, report or log has a key, wherever in the work it stood', async (context) => {
  const { client, runtime, store, until, logged } = startTestRuntime({
    tools: [readTool(() => Promise.resolve({ content: keys.join('\n') }))],
    script: ({ messages }) => (messages.some(({ role }) => role === 'tool') ? { text: `Here: ${keys.join(' ')}`, thinking: keys.join(' ') } : { toolCalls: [{ name: 'read', arguments: { path: keys[0] } }] }),
  })
  await runtime.start()
  const settings = await client.settings.get({})
  await client.settings.put({ secrets: { ...settings.secrets, found: 'send' } })
  const session = await client.sessions.create({ workspaceId: 'workspace', title: `About ${keys[3]}` })
  const { runId } = await client.sessions.send({ id: session.id, text: keys.join('\n') })
  await until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null, 0)
  for (const key of keys) await client.memory.save({ text: `A fact: ${key}`, scope: 'workspace', workspaceId: 'workspace' })
  const sinks = {
    markdown: await textOf((await client.sessions.export({ id: session.id, format: 'markdown' })).body), json: await textOf((await client.sessions.export({ id: session.id, format: 'json' })).body), profile: [...exportLines(store)].join(''),
    memory: JSON.stringify([await client.memory.exportItems({ format: 'json' } as never), await client.memory.exportItems({ format: 'markdown' } as never)]), receipt: JSON.stringify(await client.receipts.get({ id: runId })),
    diagnostics: JSON.stringify(await client.system.diagnostics({})), logged: JSON.stringify(logged), log: JSON.stringify(redact({ text: keys.join('\n'), error: new Error(keys.join(' ')), deep: { list: keys } })),
  }
  expect(Object.entries(sinks).map(([name, text]) => [name, holds(text)])).toEqual(Object.keys(sinks).map((name) => [name, []]))
  expect(holds(JSON.stringify((await client.sessions.entries({ id: session.id, limit: 100 })).items)).length).toBe(keys.length)
  await runtime.stop(0)
  proved(context, 'keys in exports and logs', keys.length * Object.keys(sinks).length)
})
