import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { isAppError } from '#core/errors'
import { createEventStream } from '#core/events/event-stream'
import { createEmbeddings } from '#core/memory/embeddings'
import { letterEmbedder } from '#core/memory/testing/letter-embedder'
import type { MemoryItem } from '#contract/memory'
import type { Store } from '#core/ports/store'
import { newId, systemClock } from '../../node/system'
import { type OpenedStore, openStore } from '../open-store'
import { at, entrySample, eventSample, runSample, sessionSample, stepSample, usage } from './samples'

const [mode, folder = ''] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)
const logger = { debug() {}, info() {}, warn() {}, error() {} }

const sampleItem = (number: number, text: string): MemoryItem => ({
  id: `m${number}`, kind: 'fragment', title: '', text, solution: null, statements: [], tags: [], scope: 'user', workspaceId: null, sessionId: null, importance: 0.5, sensitivity: 'normal', trust: 'person',
  expiresAt: null, pinned: false, archived: false, forgottenAt: null, source: { by: 'person', sessionId: null, runId: null, entryId: null, path: null }, lastUsedAt: null, useCount: 0,
  createdAt: at + number, updatedAt: at + number, revision: 1,
})

/** An item, and for each but the last few a vector, in transactions of their own. */
function remember({ memory, memoryVectors, transaction }: Store): void {
  for (let number = 1; ; number += 1) {
    const text = `fact ${number} of ${number * 7919}`
    const item = transaction(() => memory.insert(sampleItem(number, text), number))
    say(`${number} ${text}`)
    if (number % 3 > 0) transaction(() => memoryVectors.put(memoryVectors.model('test/letters', 384), [{ position: item.position, vector: new Float32Array(384).fill(0.05) }]), 'later')
  }
}

/** Items that are made, said in other words, forgotten and erased, while the thread beside it takes all of that into the index of words. */
async function index({ store: { memory, transaction }, memorySearch }: OpenedStore): Promise<void> {
  process.stdin.on('end', () => process.exit()).resume()
  for (let round = 0; ; round += 1) {
    const first = round * 20
    transaction(() => {
      const items = Array.from({ length: 20 }, (_value, place) => memory.insert(sampleItem(first + place, `fact word${first + place}x of all`), first + place))
      for (const [place, item] of items.entries()) {
        const revision = { revision: 2, at, action: 'changed' as const, by: 'person' as const, cause: 'test', sessionId: null, runId: null, entryId: null, before: {} }
        if (place % 4 === 1) memory.change(item, { ...item, text: `fact other${first + place}x of all`, revision: 2 }, 1, revision)
        if (place % 4 === 2) memory.change(item, { ...item, forgottenAt: at, revision: 2 }, 1, revision)
      }
      memory.erase(items.filter((_item, place) => place % 4 === 3).map(({ id }) => id))
    }, 'later')
    memorySearch.changed(Array.from({ length: 20 }, (_value, place) => first + place))
    await systemClock.turn()
    say(`round ${round}`)
  }
}

/** Makes the vectors of a model for what has none, and says so for each batch. */
function embed(store: Store): void {
  const letters = letterEmbedder()
  const noSearch = () => Promise.reject(new Error('nothing is searched here'))
  const embeddings = createEmbeddings({
    store, events: createEventStream({ store, clock: systemClock }), clock: systemClock, newId, logger, settings: () => ({ embeddingModel: 'test/other', sendSensitive: false, retention: [] }),
    search: { words: noSearch, erased: noSearch, nearest: noSearch, list: noSearch, past: noSearch, moments: noSearch, counts: noSearch, vectorCounts: noSearch, beyond: noSearch, unused: noSearch, graph: noSearch, graphTypes: noSearch, changed: () => undefined, close: () => Promise.resolve() },
    embedder: () => Promise.resolve({
      embed: async (texts, signal) => {
        say(`embed ${texts.length}`)
        await systemClock.sleep(1, signal)
        return letters.embed(texts, signal)
      },
    }),
  })
  embeddings.start('trace')
  process.stdin.on('end', () => process.exit()).resume()
  void embeddings.idle().then(() => say('embedded'))
}

try {
  const opened = openStore({
    path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), newId: () => 'id', logger,
    clock: { now: () => at, after: () => () => {} },
  })
  const { store } = opened
  say('ready')
  // Ends with the test that started it, however that ends.
  if (mode === 'hold') process.stdin.on('end', () => process.exit()).resume()
  if (mode === 'remember') remember(store)
  if (mode === 'embed') embed(store)
  if (mode === 'index') void index(opened)
  if (mode !== 'embed' && mode !== 'index') {
    store.sessions.insert(sessionSample('s1'))
    store.runs.insert(runSample('r1'))
  }
  for (let number = 1; mode === 'write'; number += 1) {
    const entry = entrySample(`e${number}`, number === 1 ? null : `e${number - 1}`)
    const seq = store.transaction(() => {
      const step = store.steps.insert(stepSample(`t${number}`))
      store.journal.append(entry, 's1-head')
      store.steps.finish(step.id, { state: 'completed', entryId: entry.id, endedAt: at, usage, costUsd: 0.5, error: null })
      store.runs.addUsage('r1', usage, 0.5)
      const event = eventSample(store.events.nextSeq(), 'session.entry', { entry, headId: 's1-head' })
      store.events.append(event)
      return event.seq
    })
    say(`${number} ${seq}`)
  }
} catch (error) {
  say(isAppError(error) ? error.code : String(error))
}
