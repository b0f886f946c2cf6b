import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SettingsSchema } from '#contract/settings'
import type { EventEnvelope } from '#contract/events'
import type { Store } from '#core/ports/store'
import { openConnection } from '../connection'
import { createStore } from '../create-store'
import { migrate } from '../migrate'
import { migrations } from '../migrations'
import { at, entrySample, eventSample, requestSample, runSample, sessionSample, stepSample, usage, workspaceSample } from '../testing/samples'

function open(path = ':memory:', events = { keep: 1000, block: 10, pruneEvery: 100 }) {
  const db = openConnection(path)
  migrate(db, migrations, { at, appVersion: '1.0.0' })
  return { db, ...createStore(db, { events }) }
}

function append(store: Store, make: (seq: number) => EventEnvelope): EventEnvelope {
  return store.transaction(() => {
    const event = make(store.events.nextSeq())
    store.events.append(event)
    return event
  })
}

const plain = (seq: number) => eventSample(seq, 'models.update', {})
const seqs = (events: readonly EventEnvelope[] | null) => events?.map(({ seq }) => seq)

describe('numbers', () => {
  it('rise by one, also for events that are never stored', () => {
    const { store } = open()
    expect([store.events.lastSeq(), store.events.nextSeq(), store.events.nextSeq(), store.events.lastSeq()]).toEqual([0, 1, 2, 2])
    expect(append(store, plain).seq).toBe(3)
  })

  it('go on behind all that were given out when the process ended without closing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trestle-events-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    let highest = 0
    for (const taken of [1, 9, 10, 11, 25]) {
      const { store, db } = open(join(folder, 'a.db'))
      expect(store.events.lastSeq()).toBeGreaterThanOrEqual(highest)
      for (let index = 0; index < taken; index += 1) {
        const seq = store.events.nextSeq()
        expect(seq).toBeGreaterThan(highest)
        highest = seq
      }
      // What a kill leaves: the file as it is, nothing given back.
      db.close()
    }
  })

  it('are not skipped by an orderly stop', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trestle-events-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const first = open(join(folder, 'a.db'))
    for (let index = 0; index < 13; index += 1) first.store.events.nextSeq()
    first.release()
    first.db.close()
    const second = open(join(folder, 'a.db'))
    expect([second.store.events.lastSeq(), second.store.events.nextSeq()]).toEqual([13, 14])
    second.db.close()
  })

  it('are reserved anew when the transaction that had reserved them failed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trestle-events-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const first = open(join(folder, 'a.db'))
    expect(() => first.store.transaction(() => {
      for (let index = 0; index < 15; index += 1) first.store.events.nextSeq()
      throw new Error('no')
    })).toThrow('no')
    const shown = first.store.events.nextSeq()
    expect(shown).toBe(16)
    first.db.close()
    const second = open(join(folder, 'a.db'))
    expect(second.store.events.nextSeq()).toBeGreaterThan(shown)
    second.db.close()
  })
})

describe('reading', () => {
  it('gives every stored event back as it was published', () => {
    const { store } = open()
    store.workspaces.insert(workspaceSample('w1'))
    store.sessions.insert(sessionSample('s1'))
    store.runs.insert(runSample('r1'))
    const session = store.sessions.get('s1')
    const run = store.runs.get('r1')
    if (!session || !run) throw new Error('not there')
    const entry = entrySample('e1', null)
    store.journal.append(entry, 's1-head')
    const intended = store.steps.insert(stepSample('t1', { kind: 'tool', callId: 'call-1' }))
    store.steps.savePartialText('t1', 'half')
    const request = requestSample('q1')
    store.requests.insert(request)

    const published = [
      append(store, (seq) => eventSample(seq, 'session.update', { session })),
      append(store, (seq) => eventSample(seq, 'run.update', { run })),
      append(store, (seq) => eventSample(seq, 'step.update', { step: intended })),
      append(store, (seq) => eventSample(seq, 'session.entry', { entry, headId: 's1-head' })),
      append(store, (seq) => eventSample(seq, 'human.request', { request })),
      append(store, (seq) => eventSample(seq, 'workspace.update', { workspace: { ...workspaceSample('w1'), available: true } })),
      append(store, (seq) => eventSample(seq, 'settings.update', { settings: SettingsSchema.parse({}) })),
      append(store, (seq) => eventSample(seq, 'system.notice', { id: 'n1', level: 'info', text: 'Hello' })),
      append(store, (seq) => ({ ...eventSample(seq, 'session.removed', { sessionId: 's9' }), sessionId: null, runId: 'r9' })),
    ]
    // What changes later does not change what was published.
    const failed = store.steps.finish('t1', { state: 'failed', entryId: 'e1', endedAt: at + 1, usage, costUsd: 0.5, error: { code: 'TIMEOUT_ERROR', message: 'late', retryable: true } })
    store.runs.patch('r1', { state: 'failed', entryId: 'e1', model: null, startedAt: at, endedAt: at + 1, error: failed.error })
    store.requests.close('q1', 'answered', { decision: 'once' }, at + 1)
    const ended = store.runs.get('r1')
    const answered = store.requests.get('q1')
    if (!ended || !answered) throw new Error('not there')
    published.push(
      append(store, (seq) => eventSample(seq, 'step.update', { step: failed })),
      append(store, (seq) => eventSample(seq, 'run.update', { run: ended })),
      append(store, (seq) => eventSample(seq, 'human.request', { request: answered })),
    )
    expect(store.events.readAfter(0, 100)).toEqual(published)
    expect(store.events.readAfter(4, 3)).toEqual(published.slice(4, 7))
    expect(store.events.readAfter(store.events.lastSeq(), 3)).toEqual([])
  })

  it('does not write entries, texts of runs and calls a second time', () => {
    const { store, db } = open()
    const large = 'x'.repeat(100_000)
    store.sessions.insert(sessionSample('s1'))
    store.runs.insert(runSample('r1', { text: large }))
    const run = store.runs.get('r1')
    const entry = entrySample('e1', null, { payload: { kind: 'user_message', text: large } })
    store.journal.append(entry, 's1-head')
    const request = requestSample('q1', { arguments: { content: large } })
    store.requests.insert(request)
    append(store, (seq) => eventSample(seq, 'session.entry', { entry, headId: 's1-head' }))
    append(store, (seq) => eventSample(seq, 'human.request', { request }))
    if (run) append(store, (seq) => eventSample(seq, 'run.update', { run }))
    expect(db.prepare('SELECT sum(length(payload)) FROM events').pluck().get()).toBeLessThan(1000)
  })

  it('leaves out events of a session that was removed, without ending a page early', () => {
    const { store } = open()
    store.sessions.insert(sessionSample('s1'))
    for (let index = 0; index < 20; index += 1) {
      const entry = entrySample(`e${index}`, index === 0 ? null : `e${index - 1}`)
      store.journal.append(entry, 's1-head')
      append(store, (seq) => eventSample(seq, 'session.entry', { entry, headId: 's1-head' }))
    }
    store.sessions.remove('s1')
    append(store, plain)
    expect(seqs(store.events.readAfter(0, 5))).toEqual([21])
  })

  it('says that a position is unknown when it lies before what is kept or after what was given out', () => {
    const { store } = open(':memory:', { keep: 20, block: 10, pruneEvery: 5 })
    for (let index = 0; index < 100; index += 1) append(store, plain)
    expect(store.events.readAfter(0, 10)).toBeNull()
    expect(store.events.readAfter(75, 10)).toBeNull()
    expect(seqs(store.events.readAfter(76, 100))).toEqual(Array.from({ length: 24 }, (_, index) => 77 + index))
    expect(store.events.readAfter(100, 10)).toEqual([])
    expect(store.events.readAfter(101, 10)).toBeNull()
  })
})

describe('the bound', () => {
  it('holds over reopening and failed transactions', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trestle-events-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    for (let round = 0; round < 5; round += 1) {
      const { store, db } = open(join(folder, 'a.db'), { keep: 50, block: 10, pruneEvery: 8 })
      for (let index = 0; index < 30; index += 1) {
        append(store, plain)
        expect(() => store.transaction(() => {
          append(store, plain)
          throw new Error('no')
        })).toThrow('no')
      }
      const rows = Number(db.prepare('SELECT count(*) FROM events').pluck().get())
      expect(rows).toBeGreaterThanOrEqual(Math.min((round + 1) * 30, 50))
      expect(rows).toBeLessThanOrEqual(50 + 8)
      db.close()
    }
  })

  it('holds for processes that end after one event', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trestle-events-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const rows: unknown[] = []
    for (let round = 0; round < 8; round += 1) {
      const { store, db } = open(join(folder, 'a.db'), { keep: 5, block: 10, pruneEvery: 100 })
      append(store, plain)
      rows.push(db.prepare('SELECT count(*) FROM events').pluck().get())
      db.close()
    }
    expect(rows).toEqual([1, 2, 3, 4, 5, 5, 5, 5])
  })
})
