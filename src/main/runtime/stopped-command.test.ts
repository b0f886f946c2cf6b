import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startWorkbench } from '../../testing/workbench'

test('a command that is stopped is cancelled, in the conversation, its step, the receipt and the audit, and keeps what it had written', async () => {
  const bench = await startWorkbench([{ toolCalls: [{ name: 'run_command', arguments: { command: 'echo first; touch started; sleep 60; touch late' } }] }])
  const { client, session, until, events } = bench
  const { runId } = await client.sessions.send({ id: session.id, text: 'Go' })
  await until((event) => event.topic === 'tool.output' && event.payload.delta.includes('first'))
  await client.work.lockDown({})
  await until((event) => event.topic === 'run.update' && event.payload.run.id === runId && event.payload.run.endedAt !== null)
  const results = events.flatMap((event) => (event.topic === 'session.entry' && event.payload.entry.payload.kind === 'tool_result' ? [event.payload.entry.payload] : []))
  expect(results).toMatchObject([{ toolName: 'run_command', outcome: 'cancelled', content: 'first\n[cancelled before it ended]', details: { kind: 'command', exitCode: null } }])
  const { records } = await client.receipts.get({ id: runId })
  expect(records.filter(({ kind }) => kind === 'step').map(({ content }) => content)).toContainEqual(expect.objectContaining({ name: 'run_command', state: 'cancelled' }))
  expect((await client.audit.list({ kind: 'tool', limit: 1 })).items).toMatchObject([{ title: 'run_command: stopped', content: { outcome: 'cancelled' } }])
  expect([existsSync(join(bench.folder, 'started')), existsSync(join(bench.folder, 'late'))]).toEqual([true, false])
  await bench.close()
})
