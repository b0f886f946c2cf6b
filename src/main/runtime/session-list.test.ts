import { describe, expect, it } from 'vitest'
import { startTestRuntime, type TestRuntimeOptions } from '../../testing/test-runtime'
import { createManualClock } from '../../testing/manual-clock'

async function open(options: TestRuntimeOptions = {}) {
  const test = startTestRuntime(options)
  await test.runtime.start()
  const session = await test.client.sessions.create({ workspaceId: 'workspace', title: 'A title' })
  const list = async (input: { deleted?: boolean; archived?: boolean } = {}) => (await test.client.sessions.list(input)).items.map(({ id }) => id)
  const say = (instruction: string, sessionId = session.id) => test.client.agents.execute({ instruction, sessionId })
  return { ...test, session, list, say }
}

describe('the bin of sessions', () => {
  it('takes a session out of the list until it is taken back, with all it had', async () => {
    const test = await open()
    await test.say('hello')
    const trashed = await test.client.sessions.trash({ id: test.session.id })
    expect(trashed.deletedAt).not.toBeNull()
    expect([await test.list(), await test.list({ archived: true }), await test.list({ deleted: true })]).toEqual([[], [], [test.session.id]])
    await expect(test.client.sessions.send({ id: test.session.id, text: 'more' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await test.client.sessions.untrash({ id: test.session.id })).toMatchObject({ deletedAt: null, title: 'A title' })
    expect([await test.list(), await test.list({ deleted: true })]).toEqual([[test.session.id], []])
    expect((await test.client.sessions.entries({ id: test.session.id })).items).toHaveLength(2)
  })

  it('stops what works in the session first', async () => {
    const test = await open({ script: [{ toolCalls: [{ name: 'ask_user', arguments: { question: 'Go on?' } }] }] })
    const { runId } = await test.client.sessions.send({ id: test.session.id, text: 'ask' })
    await test.until((event) => event.topic === 'human.request', 0)
    await test.client.sessions.trash({ id: test.session.id })
    expect(await test.client.runs.get({ id: runId })).toMatchObject({ state: 'cancelled' })
    expect((await test.client.humanRequests.list({ status: 'open' })).items).toEqual([])
  })

  it('is emptied after a week', async () => {
    const clock = createManualClock()
    const test = await open({ clock })
    const kept = await test.client.sessions.create({})
    await test.client.sessions.trash({ id: test.session.id })
    clock.advance(6 * 24 * 3_600_000)
    await test.client.sessions.trash({ id: kept.id })
    const gone = test.until((event) => event.topic === 'session.removed')
    clock.advance(25 * 3_600_000)
    expect(await gone).toMatchObject({ payload: { sessionId: test.session.id } })
    expect(await test.list({ deleted: true })).toEqual([kept.id])
  })
})

it('a pin or a new name leaves a session where it was in the list', async () => {
  const test = await open()
  const before = await test.client.sessions.get({ id: test.session.id })
  const after = await test.client.sessions.patch({ id: test.session.id, pinned: true, title: 'Another' })
  expect(after).toEqual({ ...before, pinned: true, title: 'Another' })
})

describe('an export', () => {
  const whole = async (test: Awaited<ReturnType<typeof open>>, format: 'json' | 'markdown') => {
    let text = ''
    for await (const part of await test.client.sessions.exportParts({ id: test.session.id, format })) text += part.text
    return text
  }

  it('as Markdown is the conversation that is shown', async () => {
    const test = await open({ script: [{ text: 'Look:\n```\ncode\n```', toolCalls: [{ name: 'read', arguments: { path: '````' } }] }, { text: 'Done.' }, { text: 'Another way.' }] })
    await test.say('first')
    const [first] = (await test.client.sessions.entries({ id: test.session.id })).items
    await test.client.sessions.fork({ id: test.session.id, entryId: first?.id ?? '' })
    await test.client.sessions.send({ id: test.session.id, text: 'second' })
    await test.until((event) => event.topic === 'run.update' && event.payload.run.text === 'second' && event.payload.run.state === 'completed', 0)
    const text = await whole(test, 'markdown')
    expect(text).toContain('# A title')
    expect(text).toMatch(/## You, .*\n\nfirst\n\n## You, .*\n\nsecond\n\n## Agent \(fake\/model\), .*\n\nAnother way\.\n$/)
    expect(text).not.toContain('Look:')
  })

  it('as JSON has all branches, and can be read', async () => {
    const test = await open({ script: [{ text: 'One.' }, { text: 'Two.' }] })
    await test.say('first')
    await test.client.sessions.fork({ id: test.session.id, entryId: null })
    await test.say('again')
    const data = JSON.parse(await whole(test, 'json')) as { session: { heads: unknown[] }; entries: { payload: { text: string } }[] }
    expect(data.session.heads).toHaveLength(2)
    expect(data.entries.map(({ payload }) => payload.text)).toEqual(['first', 'One.', 'again', 'Two.'])
  })

  it('fences what a tool read so that it cannot break out, and leaves out what looks like a key', async () => {
    const test = await open({ script: [{ toolCalls: [{ name: 'read', arguments: { path: '````\n# Not a heading' } }] }, { text: 'Bearer abcdefghijklmnopqrstuvwxyz' }] })
    await test.client.settings.put({ secrets: { found: 'send', leaveOutIn: [] } })
    await test.say('my key is sk-abcdefghijklmnopqrstuvwxyz123')
    const text = await whole(test, 'markdown')
    expect(text).toContain('`````\ncontent of ````\n# Not a heading\n`````')
    for (const format of ['markdown', 'json'] as const) {
      expect(await whole(test, format)).not.toMatch(/abcdefghij/)
    }
  })

  it('of a session that is not there fails before it begins', async () => {
    const test = await open()
    await expect(test.client.sessions.export({ id: 'nowhere' })).rejects.toMatchObject({ code: 'RESOURCE_NOT_FOUND' })
  })
})
