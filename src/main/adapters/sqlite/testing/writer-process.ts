import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { isAppError } from '#core/errors'
import { createEventStream } from '#core/events/event-stream'
import { createEmbeddings } from '#core/memory/embeddings'
import { letterEmbedder } from '#core/memory/testing/letter-embedder'
import type { Store } from '#core/ports/store'
import { newId, systemClock } from '../../node/system'
import { openStore } from '../open-store'
import { at, entrySample, eventSample, runSample, sessionSample, stepSample, usage } from './samples'

const [mode, folder = ''] = process.argv.slice(2)
const say = (line: string) => writeSync(1, `${line}\n`)
const logger = { debug() {}, info() {}, warn() {}, error() {} }

/** An item, and for each but the last few a vector, in transactions of their own. */
function remember({ memory, memoryVectors, transaction }: Store): void {
  const source = { by: 'person' as const, sessionId: null, runId: null, entryId: null, path: null }
  for (let number = 1; ; number += 1) {
    const text = `fact ${number} of ${number * 7919}`
    const item = transaction(() => memory.insert({
      id: `m${number}`, kind: 'fragment', title: '', text, solution: null, statements: [], tags: [], scope: 'user', workspaceId: null, sessionId: null, importance: 0.5, sensitivity: 'normal', trust: 'person',
      expiresAt: null, pinned: false, archived: false, forgottenAt: null, source, lastUsedAt: null, useCount: 0, createdAt: at + number, updatedAt: at + number, revision: 1,
    }, number))
    say(`${number} ${text}`)
    if (number % 3 > 0) transaction(() => memoryVectors.put(memoryVectors.model('test/letters', 384), [{ position: item.position, vector: new Float32Array(384).fill(0.05) }]), 'later')
  }
}

/** Makes the vectors of a model for what has none, and says so for each batch. */
function embed(store: Store): void {
  const letters = letterEmbedder()
  const noSearch = () => Promise.reject(new Error('nothing is searched here'))
  const embeddings = createEmbeddings({
    store, events: createEventStream({ store, clock: systemClock }), clock: systemClock, newId, logger, settings: () => ({ embeddingModel: 'test/other', sendSensitive: false, retention: [] }),
    search: { words: noSearch, nearest: noSearch, list: noSearch, past: noSearch, moments: noSearch, counts: noSearch, vectorCounts: noSearch, beyond: noSearch, unused: noSearch, graph: noSearch, graphTypes: noSearch, changed: () => undefined, close: () => Promise.resolve() },
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
  const { store } = openStore({
    path: join(folder, 'trestle.db'), backupFolder: join(folder, 'backups'), newId: () => 'id', logger,
    clock: { now: () => at, after: () => () => {} },
  })
  say('ready')
  // Ends with the test that started it, however that ends.
  if (mode === 'hold') process.stdin.on('end', () => process.exit()).resume()
  if (mode === 'remember') remember(store)
  if (mode === 'embed') embed(store)
  if (mode !== 'embed') {
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
