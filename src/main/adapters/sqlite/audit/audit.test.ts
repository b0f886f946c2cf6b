import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { createAuditLog } from '#core/audit/audit-log'
import { hashOf } from '#core/audit/chain'
import type { AuditHead, AuditRow } from '#core/ports/audit-store'
import { proved } from '../../../../testing/attacks'
import { createManualClock } from '../../../../testing/manual-clock'
import { createAuditSigning } from '../../node/audit-signing'
import { sha256 } from '../../node/system'
import { pruneAudit } from '#core/audit/prune-audit'
import { audit as auditMigration } from '../migrations/0021-audit'
import { auditCut } from '../migrations/0030-audit-cut'
import { createAuditStore } from '../tables/audit'
import { createAuditReader } from './audit-reader'

/** How many mutations are tried; CONTRIBUTING says how to try all of them. */
const MUTATIONS = Number(process.env['TRESTLE_AUDIT_MUTATIONS'] ?? 1000)
const RECORDS = 60
const source = { sessionId: 's', runId: null, traceId: 't' }
const columns = ['at', 'kind', 'severity', 'title', 'session_id', 'run_id', 'trace_id', 'content', 'before', 'hash'] as const

let db: Database.Database
let kept: { head: AuditHead | 'damaged' | null }
let told: string[]
beforeEach(() => {
  db = new Database(':memory:')
  db.exec(`${auditMigration.sql}; ${auditCut.sql}; CREATE TABLE flags (name TEXT PRIMARY KEY, value TEXT);`)
  kept = { head: null }
  told = []
})
afterEach(() => db.close())

function openLog(keys = new Map<string, string>()) {
  const flags = { get: (name: string) => db.prepare<[string], string>('SELECT value FROM flags WHERE name = ?').pluck().get(name) ?? null, put: () => undefined, remove: (name: string) => void db.prepare('DELETE FROM flags WHERE name = ?').run(name) }
  const store = { audit: createAuditStore(db), flags, transaction: <T>(work: () => T) => db.transaction(work)(), sync: () => undefined }
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const clock = createManualClock()
  const log = createAuditLog({
    store, clock, sha256, logger, auditReader: createAuditReader(db), onProblem: (message) => void told.push(message),
    auditSigning: { ...createAuditSigning('unused'), file: { read: () => Promise.resolve(kept.head), write: (head) => { kept.head = head; return Promise.resolve() } } },
    secrets: { kind: 'session', get: (name) => Promise.resolve(keys.get(name) ?? null), set: (name, value) => { keys.set(name, value); return Promise.resolve() }, remove: () => Promise.resolve() },
  })
  return { log, clock, keys, store }
}

async function writtenLog(records = RECORDS) {
  const opened = openLog()
  for (let index = 1; index < records; index++) opened.log.append({ kind: index % 2 === 0 ? 'decision' : 'tool', title: `Record ${index}`, content: { index, effect: 'allow' } }, source)
  // The first signature is told of by a record, which the second one vouches for.
  await opened.log.sign()
  await opened.log.sign()
  db.exec('DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;')
  return opened
}

function chance(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const rowAt = (number: number) => db.prepare<[number], AuditRow>('SELECT number, at, kind, severity, title, session_id AS sessionId, run_id AS runId, trace_id AS traceId, content, before, hash FROM audit WHERE number = ?').get(number)
const rehash = (number: number) => {
  const row = rowAt(number)
  if (row) db.prepare('UPDATE audit SET hash = ? WHERE number = ?').run(hashOf(row, sha256), number)
}

/** Each changes the table as somebody with the file could, and says which record has to be named. */
const mutations: readonly ((pick: (below: number) => number) => number)[] = [
  (pick) => {
    const number = 1 + pick(RECORDS)
    const column = columns[pick(columns.length)] ?? 'title'
    const value = column === 'at' ? 1 + pick(1e9) : column === 'content' ? `{"index":${pick(1e9)}}` : `changed ${pick(1e9)}`
    db.prepare(`UPDATE audit SET ${column} = ? WHERE number = ?`).run(value, number)
    return number
  },
  (pick) => {
    const number = 1 + pick(RECORDS)
    db.prepare('UPDATE audit SET title = ? WHERE number = ?').run(`changed ${pick(1e9)}`, number)
    rehash(number)
    return number
  },
  (pick) => {
    const number = 1 + pick(RECORDS)
    db.prepare('DELETE FROM audit WHERE number = ?').run(number)
    return number
  },
  (pick) => {
    const number = 1 + pick(RECORDS - 5)
    db.prepare('DELETE FROM audit WHERE number BETWEEN ? AND ?').run(number, number + pick(4))
    return number
  },
  (pick) => {
    const number = 1 + pick(RECORDS - 1)
    const other = number + 1 + pick(RECORDS - number)
    db.prepare('UPDATE audit SET number = -1 WHERE number = ?').run(number)
    db.prepare('UPDATE audit SET number = ? WHERE number = ?').run(number, other)
    db.prepare('UPDATE audit SET number = ? WHERE number = -1').run(other)
    return number
  },
  // Taken out, and those after it moved up so that no gap shows.
  (pick) => {
    const number = 1 + pick(RECORDS - 1)
    db.prepare('DELETE FROM audit WHERE number = ?').run(number)
    for (let next = number + 1; next <= RECORDS; next++) db.prepare('UPDATE audit SET number = ? WHERE number = ?').run(next - 1, next)
    return number
  },
  (pick) => {
    const number = 1 + pick(RECORDS)
    db.prepare('DELETE FROM audit WHERE number >= ?').run(number)
    return number
  },
  (pick) => {
    const number = -pick(1000)
    db.prepare("INSERT INTO audit SELECT ?, at, kind, severity, 'added', session_id, run_id, trace_id, content, before, hash FROM audit WHERE number = 1").run(number)
    return number
  },
  // From one record on everything is calculated anew: the signature is what does not fit.
  (pick) => {
    const number = 1 + pick(RECORDS)
    db.prepare('UPDATE audit SET title = ? WHERE number = ?').run(`changed ${pick(1e9)}`, number)
    rehash(number)
    for (let next = number + 1; next <= RECORDS; next++) {
      db.prepare('UPDATE audit SET before = (SELECT hash FROM audit WHERE number = ?) WHERE number = ?').run(next - 1, next)
      rehash(next)
    }
    return RECORDS
  },
]

test(`each of ${MUTATIONS} mutations is found, and the record named`, async (context) => {
  const { log } = await writtenLog()
  const pick = chance(1)
  const missed: string[] = []
  for (let index = 0; index < MUTATIONS; index++) {
    db.exec('SAVEPOINT before')
    const way = index % mutations.length
    const number = mutations[way]?.(pick) ?? 0
    const { ok, problems } = await log.verify()
    if (ok || !problems.some((problem) => problem.number === number)) missed.push(`${index} way ${way} record ${number}: ${JSON.stringify(problems)}`)
    db.exec('ROLLBACK TO before; RELEASE before')
  }
  expect(missed).toEqual([])
  expect(await log.verify()).toMatchObject({ ok: true, records: RECORDS })
  proved(context, 'audit mutations', MUTATIONS)
}, 600_000)

test('what was written verifies, and so does what came after the signature', async () => {
  const { log } = await writtenLog()
  expect(await log.verify()).toMatchObject({ ok: true, records: RECORDS, problems: [], signedUpTo: RECORDS, message: `Every record is as it was written, and record ${RECORDS} is the one that was signed.` })
  log.append({ kind: 'trust', title: 'Later' }, source)
  expect(await log.verify()).toMatchObject({ ok: true, records: RECORDS + 1, signedUpTo: RECORDS })
})

test('each kind of change is called what it is', async () => {
  const { log } = await writtenLog()
  const kindsAfter = async (sql: string) => {
    db.exec(`SAVEPOINT before; ${sql}`)
    const { problems } = await log.verify()
    db.exec('ROLLBACK TO before; RELEASE before')
    return problems.map(({ number, kind, message }) => `${number} ${kind}: ${message}`)
  }
  expect(await kindsAfter("UPDATE audit SET title = 'x' WHERE number = 5")).toEqual(['5 changed: Record 5 is not as it was written.'])
  expect(await kindsAfter('DELETE FROM audit WHERE number IN (5, 6)')).toEqual(['5 removed: Records 5 to 6 were removed.'])
  expect(await kindsAfter('DELETE FROM audit WHERE number > 57')).toEqual(['58 cut: Records 58 to 60 were cut off at the end.'])
  expect(await kindsAfter('UPDATE audit SET number = -1 WHERE number = 5; UPDATE audit SET number = 5 WHERE number = 9; UPDATE audit SET number = 9 WHERE number = -1')).toEqual([
    '5 moved: In the place of record 5 stands record 9: records were put into another order.', '9 moved: In the place of record 9 stands record 5: records were put into another order.',
  ])
})

test('a head that was changed, damaged or taken away is named, and not written over until a person wants it', async () => {
  const { log } = await writtenLog()
  const { head } = kept
  if (head === null || head === 'damaged') throw new Error('there is no head')
  for (const [wrong, message] of [
    [{ ...head, mac: 'forged' }, 'its signature is not ours'], [{ ...head, number: head.number - 1 }, 'its signature is not ours'], ['damaged', 'its file cannot be read'], [null, 'The signed head is gone'],
  ] as const) {
    kept.head = wrong
    expect(await log.verify()).toMatchObject({ ok: false, problems: [{ kind: 'head', message: expect.stringContaining(message) }] })
    await log.sign()
    expect(kept.head).toEqual(wrong)
  }
  expect(await log.signAnew('t')).toMatchObject({ ok: true, signedUpTo: RECORDS + 1 })
  expect(rowAt(RECORDS + 1)).toMatchObject({ kind: 'audit', severity: 'critical', title: 'A person had the audit signed as it is' })
})

test('the head is signed after a hundred records, and ten seconds after the first', async () => {
  const { log, clock } = openLog()
  for (let index = 0; index < 99; index++) log.append({ kind: 'tool', title: 'x' }, source)
  expect(kept.head).toBeNull()
  log.append({ kind: 'tool', title: 'x' }, source)
  await log.verify()
  expect(kept.head).toMatchObject({ number: 100 })
  clock.advance(10_000)
  await log.verify()
  expect(kept.head).toMatchObject({ number: 101 })
})

describe('at the start', () => {
  it('says what is wrong, and records that it did', async () => {
    const { log } = await writtenLog()
    await log.lookAtStart('t')
    expect(told).toEqual([])
    db.exec('DELETE FROM audit WHERE number > 50')
    await log.lookAtStart('t')
    expect(told).toEqual(['The audit is not as it was written. Records 51 to 60 were cut off at the end. Settings, Audit shows more.'])
    expect(rowAt(51)).toMatchObject({ kind: 'audit', severity: 'critical' })
  })

  it('knows of a backup that was put in the place of the database, records it, and signs from there', async () => {
    const { log } = await writtenLog()
    db.exec("DELETE FROM audit WHERE number > 50; INSERT INTO flags VALUES ('database.restored', '1')")
    await log.lookAtStart('t')
    expect(told).toEqual([])
    expect(rowAt(51)).toMatchObject({ kind: 'restore', title: 'The database was put back to a backup: the audit had 60 records, and goes on from 50' })
    expect(await log.verify()).toMatchObject({ ok: true, signedUpTo: 51 })
  })

  it('signs with a new key where the old one is gone', async () => {
    await writtenLog()
    const { log } = openLog()
    expect(await log.verify()).toMatchObject({ ok: true, message: expect.stringContaining('The key of the signature is not in the keychain') })
    log.append({ kind: 'tool', title: 'x' }, source)
    await log.stop()
    expect(await log.verify()).toMatchObject({ ok: true, signedUpTo: RECORDS + 1 })
  })
})

test('the table refuses changes', () => {
  openLog().log.append({ kind: 'tool', title: 'x' }, source)
  expect(() => db.exec('UPDATE audit SET title = 1')).toThrow('only added to')
  expect(() => db.exec('DELETE FROM audit')).toThrow('only added to')
})

test('facts are bounded, whole characters, and without keys', async () => {
  const { log, store } = openLog()
  let deep: unknown = 'end'
  for (let index = 0; index < 5000; index++) deep = { deep }
  log.append({ kind: 'tool', title: `half ${'\uD800'} sk-${'a'.repeat(40)}`, content: { long: 'x'.repeat(1e6), deep, key: `ghp_${'b'.repeat(40)}`, half: '\uD800', nul: 'a\0b' } }, source)
  const [record] = store.audit.list({ limit: 1 }).items
  expect(record?.title).toBe('half \uFFFD [left out: looks like a key]')
  expect(JSON.stringify(record).length).toBeLessThan(10_000)
  expect(record?.content).toMatchObject({ key: '[left out: looks like a key]', nul: 'a\0b' })
  expect(await log.verify()).toMatchObject({ ok: true })
})

test('what fits is found by kind, severity, session, time and words, page by page', () => {
  const { log, store, clock } = openLog()
  for (let index = 1; index <= 30; index++) {
    log.append({ kind: index % 3 === 0 ? 'login' : 'tool', severity: index % 10 === 0 ? 'high' : 'low', title: `Number ${index}`, content: { word: index % 5 === 0 ? 'Needle' : 'hay' } }, { ...source, sessionId: index % 2 === 0 ? 'even' : 'odd' })
    clock.advance(1000)
  }
  const numbers = (query: Parameters<typeof store.audit.list>[0]) => store.audit.list(query).items.map(({ number }) => number)
  expect(numbers({ kind: 'login', limit: 3 })).toEqual([30, 27, 24])
  expect(store.audit.list({ kind: 'login', limit: 3 }).nextCursor).toBe('24')
  expect(numbers({ kind: 'login', limit: 3, cursor: '24' })).toEqual([21, 18, 15])
  expect(numbers({ severity: 'medium', limit: 9 })).toEqual([30, 20, 10])
  expect(numbers({ text: 'needle', sessionId: 'even', limit: 9 })).toEqual([30, 20, 10])
  const at = (number: number) => rowAt(number)?.at ?? 0
  expect(numbers({ from: at(4), until: at(7), limit: 9 })).toEqual([6, 5, 4])
  expect(store.audit.list({ limit: 30 }).nextCursor).toBeNull()
})

describe('the oldest records', () => {
  const keep = 20
  async function prunedLog() {
    const opened = openLog()
    for (let index = 1; index < RECORDS; index++) opened.log.append({ kind: index % 2 === 0 ? 'decision' : 'tool', title: `Record ${index}`, content: { index } }, source)
    await opened.log.sign()
    const removed = await pruneAudit({ store: opened.store, audit: opened.log, clock: opened.clock, settings: () => ({ keep }) }, 't')
    return { ...opened, removed }
  }

  it('are put away once there are too many: a signed record says which and what they were, and the chain is proven from there', async () => {
    const { log, store, removed } = await prunedLog()
    expect(removed).toBe(40)
    expect(store.audit.first()).toBe(41)
    expect(store.audit.list({ text: 'put away', limit: 1 }).items).toMatchObject([{ kind: 'audit', title: 'Records 1 to 40 were put away: only the newest 20 are kept', content: { cut: { to: 40, counts: { 'tool low': 20, 'decision low': 20 } } } }])
    expect(await log.verify()).toMatchObject({ ok: true, problems: [], records: 21, putAway: 40, signedUpTo: 61 })
    expect(await pruneAudit({ store, audit: log, clock: createManualClock(), settings: () => ({ keep }) }, 't')).toBe(0)
    for (let index = 0; index < 30; index++) log.append({ kind: 'login', title: 'x' }, source)
    await pruneAudit({ store, audit: log, clock: createManualClock(), settings: () => ({ keep }) }, 't')
    expect(store.audit.cut()).toMatchObject({ to: 71, counts: { 'tool low': 30, 'decision low': 29, 'login low': 10, 'audit medium': 1, 'audit low': 1 } })
    expect(await log.verify()).toMatchObject({ ok: true, putAway: 71 })
    expect(() => db.exec('DELETE FROM audit WHERE number = 80')).toThrow('only added to')
    expect(store.audit.list({ severity: 'critical', limit: 5 })).toEqual({ items: [], nextCursor: null })
  })

  it('may be gone in part only, after a crash, and nothing more may', async () => {
    const { log, store } = await prunedLog()
    await log.sign()
    db.exec('DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;')
    const after = async (sql: string) => {
      db.exec(`SAVEPOINT before; ${sql}`)
      const { ok, problems } = await log.verify()
      db.exec('ROLLBACK TO before; RELEASE before')
      return ok ? 'ok' : problems.map(({ number, kind }) => `${number} ${kind}`).join()
    }
    expect(await after("INSERT INTO audit SELECT 40, at, kind, severity, title, session_id, run_id, trace_id, content, before, hash FROM audit WHERE number = 41")).not.toBe('ok')
    expect(await after('DELETE FROM audit WHERE number = 41')).toBe('41 removed')
    expect(await after('DELETE FROM audit WHERE number BETWEEN 41 AND 45')).toBe('41 removed')
    expect(await after('UPDATE audit_cut SET upto = 50; DELETE FROM audit WHERE number <= 50')).toBe('41 removed')
    expect(await after('DELETE FROM audit_cut')).toBe('1 removed')
    expect(await after(`UPDATE audit SET content = replace(content, '"to":40', '"to":45') WHERE number = ${store.audit.cut()?.record ?? 0}; DELETE FROM audit WHERE number <= 45`)).toContain('61 changed')
  })

  it('stay where something is not as it was written', async () => {
    const { log, store, clock } = await writtenLog()
    db.exec("UPDATE audit SET title = 'changed' WHERE number = 5")
    expect(await pruneAudit({ store, audit: log, clock, settings: () => ({ keep }) }, 't')).toBe(0)
    expect(store.audit.first()).toBe(1)
  })
})
