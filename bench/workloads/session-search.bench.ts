import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createSearchService } from '../../src/main/core/search/search-service'
import { newId, systemClock } from '../../src/main/adapters/node/system'
import { openStore } from '../../src/main/adapters/sqlite'
import { median } from '../median'
import { report } from '../report'

const SESSIONS = 1000
const ENTRIES = 100
const vocabulary = Array.from({ length: 5000 }, (_word, index) => `word${(index * 7919) % 5000}`)
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** About a kilobyte, common words more often than rare ones. */
function textOf(seed: number): string {
  return Array.from({ length: 120 }, (_word, index) => vocabulary[Math.floor(((seed * 31 + index * 17) % 977) ** 2 / 977 * 5) % 5000]).join(' ')
}

/** Sessions of 100,000 entries in all, searched by content. The peer looks through the texts with LIKE. */
async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const path = join(folder, 'trestle.db')
  const opened = openStore({ path, backupFolder: join(folder, 'backups'), clock: systemClock, newId, logger: silent })
  const { store } = opened
  const started = performance.now()
  for (let index = 0; index < SESSIONS; index += 1) {
    const sessionId = newId()
    store.transaction(() => {
      store.sessions.insert({ id: sessionId, workspaceId: null, title: `Session ${index} about ${vocabulary[index % 5000]}`, model: null, mode: 'ask', createdAt: index, head: { id: `${sessionId}-h`, entryId: null, createdAt: index } })
      let parentId: string | null = null
      for (let at = 0; at < ENTRIES; at += 1) {
        const id = newId()
        const text = at === 50 && index === 500 ? `${textOf(at)} the needle in the haystack` : textOf(index * ENTRIES + at)
        store.journal.append({ id, sessionId, parentId, runId: null, stepId: null, at, payload: { kind: 'user_message', text } }, `${sessionId}-h`)
        parentId = id
      }
    }, 'later')
  }
  report({ name: 'session-search.append', value: ((performance.now() - started) * 1000) / (SESSIONS * ENTRIES), unit: 'µs per entry' })

  const search = createSearchService({ store, clock: systemClock, logger: silent })
  const plain = new Database(path, { readonly: true })
  const like = plain.prepare("SELECT id FROM entries WHERE payload LIKE ? ORDER BY rowid DESC LIMIT 1000")
  const time = (work: () => unknown) => {
    const times = Array.from({ length: 9 }, () => {
      const from = performance.now()
      work()
      return performance.now() - from
    })
    return median(times)
  }
  for (const [name, query, pattern] of [['rare', 'needle haystack', '%needle%haystack%'], ['common', 'word0 ', '%word0%'], ['prefix', 'wor', '%wor%'], ['phrase', '"needle in the haystack"', '%needle in the haystack%'], ['nothing', 'nowhere ', '%nowhere%']] as const) {
    report({ name: `session-search.${name}`, value: time(() => search.find({ query })), unit: 'ms', peer: 'LIKE', peerValue: time(() => like.all(pattern)) })
  }
  plain.close()
  await opened.close()
  await rm(folder, { recursive: true, force: true })
}

await main()
