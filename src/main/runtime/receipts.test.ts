import { expect, it } from 'vitest'
import fc from 'fast-check'
import { canonicalJson } from '#core/receipts/canonical-json'
import { startTestRuntime, writeTool } from '../../testing/test-runtime'
import { startWorkbench } from '../../testing/workbench'

async function finished() {
  const { tool } = writeTool()
  const test = startTestRuntime({ tools: [tool], script: [{ toolCalls: [{ name: 'write', arguments: { path: 'sk-0123456789abcdefghij.txt' } }] }, { text: 'Written.' }] })
  await test.runtime.start()
  const { id } = await test.client.tasks.create({ title: 'Write', instruction: 'Write it down.', workspaceId: 'workspace' })
  const asked = await test.until(({ topic }) => topic === 'human.request', 0)
  if (asked.topic === 'human.request') {
    await expect(test.client.receipts.get({ id: asked.payload.request.runId })).rejects.toMatchObject({ code: 'CONFLICT' })
    await test.client.humanRequests.answer({ id: asked.payload.request.id, decision: 'once', message: 'Go on' })
  }
  await test.until((event) => event.topic === 'task.update' && event.payload.task.state === 'done', 0)
  const { runId } = await test.client.tasks.get({ id })
  return { ...test, taskId: id, receipt: await test.client.receipts.get({ id: runId ?? '' }) }
}

it('tells what a run was asked, what it did, who allowed it, what it cost and how it ended', async () => {
  const { receipt, taskId, client } = await finished()
  expect(receipt).toMatchObject({ format: 'trestle-receipt-1', state: 'completed', task: { id: taskId, title: 'Write', attempt: 1 }, usage: { totalTokens: 30 } })
  expect(receipt.records.map(({ number }) => number)).toEqual(receipt.records.map((_, index) => index + 1))
  const kinds = receipt.records.map(({ kind }) => kind)
  expect([kinds[0], kinds.at(-1)]).toEqual(['header', 'outcome'])
  for (const kind of ['input', 'reply', 'approval', 'tool_result', 'step']) expect(kinds).toContain(kind)
  expect(receipt.records.find(({ kind }) => kind === 'approval')?.content).toMatchObject({ by: 'person', decision: 'once', message: 'Go on' })
  expect(JSON.stringify(receipt)).not.toContain('sk-0123456789')
  expect(await client.receipts.get({ id: receipt.runId })).toEqual(receipt)
})

it('names the files that were changed, also by commands', async () => {
  const bench = await startWorkbench((_request, index) => [
    { toolCalls: [{ id: 'a', name: 'write_file', arguments: { path: 'a.txt', content: 'a' } }] },
    { toolCalls: [{ id: 'b', name: 'run_command', arguments: { command: 'echo b > b.txt' } }] },
    { text: 'Done.' },
  ][index] ?? { text: 'Done.' })
  const runId = await bench.turn('Write two files.')
  const receipt = await bench.client.receipts.get({ id: runId })
  const files = receipt.records.filter(({ kind }) => kind === 'files').flatMap(({ content }) => content['paths'])
  expect(files).toEqual(expect.arrayContaining(['a.txt', 'b.txt']))
  expect(await bench.client.receipts.verify(receipt)).toEqual({ valid: true, firstChanged: null })
  await bench.close()
})

it('shows any change of it', async () => {
  const { receipt, client } = await finished()
  expect(await client.receipts.verify(receipt)).toEqual({ valid: true, firstChanged: null })
  expect(await client.receipts.verify(JSON.parse(JSON.stringify(receipt)))).toEqual({ valid: true, firstChanged: null })
  const changed = receipt.records.map((record) => (record.number === 3 ? { ...record, content: { ...record.content, text: 'something else' } } : record))
  expect(await client.receipts.verify({ ...receipt, records: changed })).toEqual({ valid: false, firstChanged: 3 })
  expect(await client.receipts.verify({ ...receipt, records: receipt.records.toSpliced(1, 1) })).toEqual({ valid: false, firstChanged: 2 })
  expect(await client.receipts.verify({ ...receipt, records: receipt.records.slice(0, -1) })).toMatchObject({ valid: false })
  expect(await client.receipts.verify({ ...receipt, costUsd: 0 })).toMatchObject({ valid: false })
})

it('shows that a single byte of the file was changed, whichever it is', async () => {
  const { receipt, client } = await finished()
  const file = JSON.stringify(receipt)
  const unnoticed: string[] = []
  for (let at = 0; at < file.length; at += 1) {
    const byte = file.charCodeAt(at)
    for (const other of [byte ^ 1, byte ^ 2, byte ^ 16, 0x20]) {
      const changed = `${file.slice(0, at)}${String.fromCharCode(other)}${file.slice(at + 1)}`
      const parsed = parse(changed)
      // White space between values, and letters of an escape, say the same.
      if (parsed === undefined || JSON.stringify(parsed) === file) continue
      const { valid } = await client.receipts.verify(parsed as typeof receipt).catch(() => ({ valid: false }))
      if (valid) unnoticed.push(`${at}: ${changed.slice(Math.max(0, at - 20), at + 20)}`)
    }
  }
  expect(unnoticed).toEqual([])
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

it('writes equal values as equal texts, whatever the order of their keys', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
  }))
  expect(canonicalJson({ b: 1, a: [{ d: undefined, c: null }] })).toBe('{"a":[{"c":null}],"b":1}')
})
