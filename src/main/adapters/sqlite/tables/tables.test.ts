import { beforeEach, describe, expect, it } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import { openConnection } from '../connection'
import { createStore } from '../create-store'
import { migrate } from '../migrate'
import { migrations } from '../migrations'
import { at, entrySample, requestSample, runSample, sessionSample, stepSample, usage, workspaceSample } from '../testing/samples'

function open() {
  const db = openConnection(':memory:')
  migrate(db, migrations, { at, appVersion: '1.0.0' })
  return { db, ...createStore(db) }
}

const opened = {} as ReturnType<typeof open>
beforeEach(() => {
  Object.assign(opened, open())
  return () => opened.db.close()
})

const count = (table: string) => opened.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()

describe('sessions', () => {
  it('starts idle, with one head, no sums and an unknown cost', () => {
    const { store } = opened
    store.workspaces.insert(workspaceSample('w1'))
    store.sessions.insert(sessionSample('s1', { workspaceId: 'w1', mode: 'plan', model: 'openai/gpt-5' }))
    expect(store.sessions.get('s1')).toEqual({
      id: 's1', workspaceId: 'w1', title: 'Title of s1', model: 'openai/gpt-5', mode: 'plan', status: 'idle', archived: false, pinned: false, deletedAt: null,
      activeHeadId: 's1-head', heads: [{ id: 's1-head', entryId: null, createdAt: at }], openRequests: 0, queuedRuns: 0,
      usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false }, costUsd: null,
      createdAt: at, updatedAt: at,
    })
    expect(store.sessions.get('other')).toBeNull()
  })

  it('changes only what a patch names', () => {
    const { store } = opened
    store.sessions.insert(sessionSample('s1', { model: 'openai/gpt-5' }))
    store.sessions.insertHead('s1', { id: 'h2', entryId: null, createdAt: at + 1 })
    const before = store.sessions.get('s1')
    store.sessions.patch('s1', { title: undefined, updatedAt: at + 1 })
    expect(store.sessions.get('s1')).toEqual({ ...before, updatedAt: at + 1 })
    store.sessions.patch('s1', { title: 'New', model: null, mode: 'auto-edit', archived: true, activeHeadId: 'h2', updatedAt: at + 2 })
    expect(store.sessions.get('s1')).toEqual({
      ...before, title: 'New', model: null, mode: 'auto-edit', archived: true, activeHeadId: 'h2', updatedAt: at + 2,
    })
  })

  it('refuses a branch of another session and an unknown session', () => {
    const { store } = opened
    store.sessions.insert(sessionSample('s1'))
    store.sessions.insert(sessionSample('s2'))
    expect(() => store.sessions.patch('s1', { activeHeadId: 's2-head', updatedAt: at })).toThrow(expect.objectContaining({ code: 'RESOURCE_NOT_FOUND' }))
    expect(() => store.sessions.patch('nope', { updatedAt: at })).toThrow(expect.objectContaining({ code: 'RESOURCE_NOT_FOUND' }))
    expect(() => store.sessions.insertHead('s1', { id: 'h', entryId: 'nope', createdAt: at })).toThrow(expect.objectContaining({ code: 'RESOURCE_NOT_FOUND' }))
    expect(count('heads')).toBe(2)
  })

  it('sums tokens and the costs that are known; one estimate makes the sum an estimate', () => {
    const { store } = opened
    store.sessions.insert(sessionSample('s1'))
    store.sessions.addUsage('s1', usage, null)
    expect(store.sessions.get('s1')?.costUsd).toBeNull()
    store.sessions.addUsage('s1', { ...usage, estimated: true }, 0.25)
    store.sessions.addUsage('s1', usage, null)
    store.sessions.addUsage('s1', usage, 0.5)
    expect(store.sessions.get('s1')).toMatchObject({
      usage: { inputTokens: 400, outputTokens: 80, cachedTokens: 120, totalTokens: 480, estimated: true }, costUsd: 0.75,
    })
  })

  it('derives its status and counts from runs and requests', () => {
    const { store } = opened
    const look = () => {
      const session = store.sessions.get('s1')
      return [session?.status, session?.openRequests, session?.queuedRuns]
    }
    store.sessions.insert(sessionSample('s1'))
    store.runs.insert(runSample('r1'))
    expect(look()).toEqual(['idle', 0, 1])
    store.runs.patch('r1', { state: 'running', startedAt: at })
    expect(look()).toEqual(['running', 0, 0])
    store.requests.insert(requestSample('q1'))
    store.runs.patch('r1', { state: 'waiting' })
    store.runs.insert(runSample('r2'))
    expect(look()).toEqual(['waiting', 1, 1])
    store.requests.close('q1', 'answered', { decision: 'once' }, at)
    expect(look()).toEqual(['running', 0, 1])
    store.runs.patch('r1', { state: 'interrupted' })
    expect(look()).toEqual(['interrupted', 0, 1])
    store.runs.patch('r2', { state: 'cancelled' })
    expect(look()).toEqual(['interrupted', 0, 0])
    store.runs.insert(runSample('r3'))
    store.runs.patch('r3', { state: 'completed', startedAt: at, endedAt: at })
    expect(look()).toEqual(['idle', 0, 0])
  })

  it('pages through sessions with equal times without leaving out or repeating any', () => {
    const { store } = opened
    store.workspaces.insert(workspaceSample('w1'))
    for (let index = 0; index < 25; index += 1) {
      store.sessions.insert(sessionSample(`s${String(index).padStart(2, '0')}`, { createdAt: at + (index % 3), workspaceId: index % 2 ? 'w1' : null }))
    }
    store.sessions.patch('s24', { archived: true, updatedAt: at })
    const all = (workspaceId?: string) => {
      const ids: string[] = []
      for (let cursor: string | undefined; ;) {
        const page = store.sessions.list({ ...(workspaceId === undefined ? {} : { workspaceId }), archived: false, ...(cursor === undefined ? {} : { cursor }), limit: 4 })
        ids.push(...page.items.map(({ id }) => id))
        if (page.nextCursor === null) return ids
        cursor = page.nextCursor
      }
    }
    const expected = Array.from({ length: 24 }, (_, index) => index)
      .sort((left, right) => (right % 3) - (left % 3) || right - left)
      .map((index) => `s${String(index).padStart(2, '0')}`)
    expect(all()).toEqual(expected)
    expect(all('w1')).toEqual(expected.filter((id) => Number(id.slice(1)) % 2 === 1))
    expect(store.sessions.list({ archived: true, limit: 5 }).items.map(({ id }) => id)).toEqual(['s24'])
  })

  it.each(['%%%', 'e30', Buffer.from('["x",1]').toString('base64url')])('refuses the cursor %s', (cursor) => {
    expect(() => opened.store.sessions.list({ archived: false, cursor, limit: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
    expect(() => opened.store.requests.list({ cursor, limit: 5 })).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETERS' }))
  })

  it('removes everything of a session and nothing of another', () => {
    const { store } = opened
    store.workspaces.insert(workspaceSample('w1'))
    for (const id of ['s1', 's2']) {
      const owner = { sessionId: id }
      store.sessions.insert(sessionSample(id, { workspaceId: 'w1' }))
      store.journal.append(entrySample(`${id}-e1`, null, owner), `${id}-head`)
      store.runs.insert(runSample(`${id}-r`, { ...owner, headId: `${id}-head` }))
      store.steps.insert(stepSample(`${id}-step`, { ...owner, runId: `${id}-r` }))
      store.requests.insert(requestSample(`${id}-q`, { ...owner, runId: `${id}-r` }))
      store.grants.insert({ id: `${id}-g`, scope: 'session', sessionId: id, workspaceId: null, toolName: 'run_command', pattern: null, expiresAt: null, createdAt: at })
    }
    store.grants.insert({ id: 'wide', scope: 'workspace', sessionId: 's1', workspaceId: 'w1', toolName: 'run_command', pattern: null, expiresAt: null, createdAt: at })
    store.sessions.remove('s1')
    const tables = ['sessions', 'heads', 'entries', 'runs', 'run_texts', 'steps', 'human_requests', 'grants']
    expect(Object.fromEntries(tables.map((table) => [table, count(table)]))).toEqual({
      sessions: 1, heads: 1, entries: 1, runs: 1, run_texts: 1, steps: 1, human_requests: 1, grants: 2,
    })
    expect(store.grants.listFor('s2', 'w1', at).map(({ id }) => id)).toEqual(['s2-g', 'wide'])
    expect(store.sessions.get('s2')?.heads).toEqual([{ id: 's2-head', entryId: 's2-e1', createdAt: at }])
  })
})

describe('runs', () => {
  it('keeps a run as it was asked for and changes what a patch names', () => {
    const { store } = opened
    store.sessions.insert(sessionSample('s1'))
    store.runs.insert(runSample('r1'))
    const queued = {
      ...runSample('r1'), order: 1, promptTry: null, joins: false, joinedRunId: null, state: 'queued', entryId: null, steps: 0, error: null, startedAt: null, endedAt: null, costUsd: null,
      usage: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, totalTokens: 0, estimated: false },
    }
    expect(store.runs.get('r1')).toEqual(queued)
    const error = { code: 'NO_PROGRESS', message: 'stuck', retryable: false, data: { calls: 3 } } as const
    store.runs.patch('r1', { state: 'failed', text: 'Other', model: null, error, startedAt: at, endedAt: at + 5 })
    store.runs.addUsage('r1', usage, 0.5)
    expect(store.runs.get('r1')).toEqual({ ...queued, state: 'failed', text: 'Other', model: null, error, startedAt: at, endedAt: at + 5, usage, costUsd: 0.5 })
    expect(() => store.runs.patch('nope', {})).toThrow(expect.objectContaining({ code: 'RESOURCE_NOT_FOUND' }))
  })

  it('lists by state oldest first and by session newest first', () => {
    const { store } = opened
    store.sessions.insert(sessionSample('s1'))
    store.sessions.insert(sessionSample('s2'))
    for (const [id, sessionId] of [['r1', 's1'], ['r2', 's2'], ['r3', 's1'], ['r4', 's1']] as const) store.runs.insert(runSample(id, { sessionId }))
    store.runs.patch('r3', { state: 'running' })
    store.runs.patch('r4', { state: 'completed' })
    const ids = (runs: readonly { id: string }[]) => runs.map(({ id }) => id)
    expect(ids(store.runs.listInStates(['queued', 'running']))).toEqual(['r1', 'r2', 'r3'])
    expect(ids(store.runs.listInStates(['queued', 'running'], 's1'))).toEqual(['r1', 'r3'])
    expect(ids(store.runs.listInStates([]))).toEqual([])
    expect(ids(store.runs.listBySession('s1', 2))).toEqual(['r4', 'r3'])
  })
})

describe('steps', () => {
  beforeEach(() => {
    opened.store.sessions.insert(sessionSample('s1'))
    opened.store.runs.insert(runSample('r1'))
  })

  it('numbers the steps of a run and takes one result for each', () => {
    const { store } = opened
    const first = store.steps.insert(stepSample('t1'))
    const second = store.steps.insert(stepSample('t2', { kind: 'tool', name: 'write_file', callId: 'call-1' }, { repeatable: false, fingerprint: { hash: 'x' } }))
    expect([first.number, second.number, store.runs.get('r1')?.steps]).toEqual([1, 2, 2])
    expect(first).toEqual({
      ...stepSample('t1').step, number: 1, state: 'intended', entryId: null, endedAt: null, partialText: null, usage: null, costUsd: null, error: null,
    })
    expect(store.steps.get('t1')).toEqual(first)
    expect(store.steps.listUnfinished()).toEqual([first, second])

    store.steps.savePartialText('t1', 'Half a')
    const failed = store.steps.finish('t1', {
      state: 'failed', entryId: 'e1', endedAt: at + 9, usage, costUsd: 0.5, error: { code: 'STREAM_CUT', message: 'cut', retryable: true },
    })
    expect(failed).toEqual({
      ...first, state: 'failed', entryId: 'e1', endedAt: at + 9, partialText: 'Half a', usage, costUsd: 0.5,
      error: { code: 'STREAM_CUT', message: 'cut', retryable: true },
    })
    expect(() => store.steps.finish('t1', { state: 'completed', entryId: null, endedAt: at, usage: null, costUsd: null, error: null })).toThrow('already has a result')
    expect(store.steps.listByRun('r1')).toEqual([failed, second])
    expect(store.steps.listUnfinished()).toEqual([second])
  })

  it('drops the partial text of a step that completes', () => {
    const { store } = opened
    store.steps.insert(stepSample('t1'))
    store.steps.savePartialText('t1', 'Half a')
    expect(store.steps.get('t1')?.partialText).toBe('Half a')
    expect(store.steps.finish('t1', { state: 'completed', entryId: null, endedAt: at, usage: null, costUsd: null, error: null }).partialText).toBeNull()
    store.steps.savePartialText('t1', 'late')
    expect(store.steps.get('t1')?.partialText).toBeNull()
  })

  it('finds the newest step of a call with what its intent recorded', () => {
    const { store } = opened
    store.steps.insert(stepSample('t1', { kind: 'tool', callId: 'call-1' }))
    const newest = store.steps.insert(stepSample('t2', { kind: 'tool', callId: 'call-1' }, { repeatable: false, fingerprint: { path: 'a', hash: null } }))
    expect(store.steps.findByCall('r1', 'call-1')).toEqual({ step: newest, repeatable: false, fingerprint: { path: 'a', hash: null } })
    expect(store.steps.findByCall('r1', 'call-2')).toBeNull()
  })

  it('refuses a step of another session than its run', () => {
    expect(() => opened.store.steps.insert(stepSample('t1', { sessionId: 's2' }))).toThrow(expect.objectContaining({ code: 'RESOURCE_NOT_FOUND' }))
  })
})

describe('human requests', () => {
  beforeEach(() => {
    opened.store.sessions.insert(sessionSample('s1'))
    opened.store.sessions.insert(sessionSample('s2'))
    opened.store.runs.insert(runSample('r1'))
    opened.store.runs.insert(runSample('r2', { sessionId: 's2', headId: 's2-head' }))
  })

  it('is answered once', () => {
    const { store } = opened
    const request = requestSample('q1', { preview: { kind: 'command', command: 'make', exitCode: null, signal: null } })
    store.requests.insert(request)
    expect(store.requests.get('q1')).toEqual(request)
    expect(store.requests.close('q1', 'answered', { decision: 'reject', message: 'no' }, at + 1)).toBe(true)
    expect(store.requests.close('q1', 'cancelled', null, at + 2)).toBe(false)
    expect(store.requests.get('q1')).toEqual({ ...request, status: 'answered', answeredAt: at + 1, answer: { decision: 'reject', message: 'no' } })
  })

  it('finds the newest of a kind about a call', () => {
    const { store } = opened
    store.requests.insert(requestSample('q1'))
    store.requests.insert(requestSample('q2'))
    store.requests.insert(requestSample('q3', { kind: 'unknown_outcome' }))
    expect(store.requests.findByCall('r1', 'call-1', 'approval')).toEqual(requestSample('q2'))
    expect(store.requests.findByCall('r1', 'call-1', 'question')).toBeNull()
    expect(store.requests.listOpenByRun('r1').map(({ id }) => id)).toEqual(['q1', 'q2', 'q3'])
  })

  it('pages through what is asked, oldest first, by session and status', () => {
    const { store } = opened
    for (let index = 1; index <= 6; index += 1) {
      store.requests.insert(requestSample(`q${index}`, index % 2 ? {} : { sessionId: 's2', runId: 'r2' }))
    }
    store.requests.close('q3', 'cancelled', null, at)
    const ids = (query: Parameters<typeof store.requests.list>[0]) => store.requests.list(query).items.map(({ id }) => id)
    const first = store.requests.list({ status: 'open', limit: 2 })
    expect(first.items.map(({ id }) => id)).toEqual(['q1', 'q2'])
    expect(ids({ status: 'open', limit: 9, cursor: first.nextCursor ?? '' })).toEqual(['q4', 'q5', 'q6'])
    expect(ids({ limit: 9 })).toEqual(['q1', 'q2', 'q3', 'q4', 'q5', 'q6'])
    expect(ids({ sessionId: 's1', limit: 9 })).toEqual(['q1', 'q3', 'q5'])
    expect(ids({ sessionId: 's1', status: 'open', limit: 9 })).toEqual(['q1', 'q5'])
    expect(store.requests.list({ status: 'open', limit: 5 }).nextCursor).toBeNull()
  })
})

describe('the smaller tables', () => {
  it('keeps workspaces, last opened first, and refuses to remove one that has sessions', () => {
    const { store } = opened
    store.workspaces.insert(workspaceSample('w1'))
    store.workspaces.insert(workspaceSample('w2', { lastOpenedAt: at + 1 }))
    store.workspaces.patch('w1', { trusted: true, lastOpenedAt: at + 2 })
    expect(store.workspaces.list()).toEqual([workspaceSample('w1', { trusted: true, lastOpenedAt: at + 2 }), workspaceSample('w2', { lastOpenedAt: at + 1 })])
    expect(store.workspaces.findByPath('/work/w2')?.id).toBe('w2')
    expect(store.workspaces.get('nope')).toBeNull()
    store.sessions.insert(sessionSample('s1', { workspaceId: 'w1' }))
    expect(() => store.workspaces.remove('w1')).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
    store.sessions.remove('s1')
    store.workspaces.remove('w1')
    expect(store.workspaces.list().map(({ id }) => id)).toEqual(['w2'])
  })

  it('keeps grants, the bin, catalogues and notices', () => {
    const { store } = opened
    const grant = { id: 'g1', scope: 'workspace', sessionId: null, workspaceId: 'w1', toolName: 'edit_file', pattern: 'src/**', expiresAt: at + 10, createdAt: at } as const
    store.grants.insert(grant)
    expect([store.grants.listByWorkspace('w1', at), store.grants.listByWorkspace('w1', at + 10), store.grants.listFor('s1', null, at)]).toEqual([[grant], [], []])
    expect([store.grants.remove('g1'), store.grants.remove('g1')]).toEqual([true, false])
    store.grants.insert(grant)
    store.grants.removeExpired(at + 10)
    expect(store.grants.remove('g1')).toBe(false)

    const item = { id: 'b1', workspaceId: 'w1', path: 'a.txt', bytes: 3, deletedAt: at }
    store.bin.insert(item)
    store.bin.insert({ ...item, id: 'b2' })
    expect([store.bin.list('w1').map(({ id }) => id), store.bin.get('b1')]).toEqual([['b2', 'b1'], item])
    store.bin.remove('b2')
    expect(store.bin.list('w1')).toEqual([item])

    const model = { id: 'openai/gpt-5', provider: 'openai', name: 'GPT-5', contextWindow: 1000, maxOutputTokens: null, price: null, tools: true, thinking: true, images: false, available: true }
    expect(store.catalogue.get('openai')).toBeNull()
    store.catalogue.put('openai', [], at)
    store.catalogue.put('openai', [model], at)
    expect(store.catalogue.get('openai')).toEqual([model])

    for (let index = 0; index < 105; index += 1) store.notices.insert({ id: `n${index}`, level: 'info', text: 'Text' }, at)
    store.notices.remove('n104')
    expect(store.notices.list().map(({ id }) => id)).toEqual(Array.from({ length: 99 }, (_, index) => `n${index + 5}`))
  })

  it('gives default settings first, then the saved ones, and defaults for values it does not know', () => {
    const { store, db } = opened
    const defaults = SettingsSchema.parse({})
    expect(store.settings.get()).toEqual(defaults)
    store.settings.put({ ...defaults, theme: 'dark', maxConcurrentRuns: 3 })
    expect(store.settings.get()).toEqual({ ...defaults, theme: 'dark', maxConcurrentRuns: 3 })
    db.prepare('UPDATE settings SET value = ?').run(JSON.stringify({ theme: 'sepia', maxConcurrentRuns: 3, gone: 1 }))
    expect(store.settings.get()).toEqual({ ...defaults, maxConcurrentRuns: 3 })
  })
})
