import type { Database } from 'better-sqlite3'
import type { MemorySearch } from '#core/ports/memory-search'
import { createMemoryReader } from './reader'
import { createSearchThread } from './search-thread'
import { attachWords, wordFileOf } from './words/word-file'
import { createWordReader } from './words/word-reader'

/** So many changes at once are worth a thread that takes them into the index of words while more are coming. */
const MANY = 16

/**
 * In two threads, so that words and vectors are searched at the same time: one has the index of words and keeps it up to date, the other one
 * reads all else. A database in memory has one connection: it is searched where it is. `onTaken`: the index has all changes up to a number.
 */
export function createMemorySearch(db: Database, onTaken: (seq: number) => void): MemorySearch {
  return db.memory ? createSearchInPlace(db, onTaken) : createSearchInThreads(db.name, onTaken)
}

function createSearchInPlace(db: Database, onTaken: (seq: number) => void): MemorySearch {
  attachWords(db, ':memory:')
  const turn = () => new Promise<void>((resolve) => { setImmediate(resolve) })
  const reader = createMemoryReader(db, turn)
  const words = createWordReader(db, { turn, onTaken })
  const soon = async <T>(work: () => T | Promise<T>): Promise<T> => work()
  return {
    words: (text, query) => soon(() => words.words(text, query)),
    erased: (items) => soon(() => words.erased(items)),
    nearest: (vector, query) => soon(() => reader.nearest(vector, query)),
    list: (query) => soon(() => reader.list(query)),
    past: (query) => soon(() => reader.past(query)),
    moments: (limit) => soon(() => reader.moments(limit)),
    counts: (now) => soon(() => reader.counts(now)),
    vectorCounts: (model, sensitive) => soon(() => reader.vectorCounts(model, sensitive)),
    beyond: (query) => soon(() => reader.beyond(query)),
    unused: (query) => soon(() => reader.unused(query)),
    graph: (query) => soon(() => reader.graph(query)),
    graphTypes: (query) => soon(() => reader.graphTypes(query)),
    changed: (positions) => { reader.changed(positions) },
    close: () => Promise.resolve(),
  }
}

function createSearchInThreads(path: string, onTaken: (seq: number) => void): MemorySearch {
  const words = createSearchThread('memory-words', { path, wordFile: wordFileOf(path) }, onTaken)
  const rest = createSearchThread('memory-search', { path, wordFile: null }, onTaken)
  return {
    words: (text, query) => words.ask('words', text, query),
    erased: (items) => words.ask('erased', items),
    nearest: (vector, query) => rest.ask('nearest', vector, query),
    list: (query) => rest.ask('list', query),
    past: (query) => rest.ask('past', query),
    moments: (limit) => rest.ask('moments', limit),
    counts: (now) => rest.ask('counts', now),
    vectorCounts: (model, sensitive) => rest.ask('vectorCounts', model, sensitive),
    beyond: (query) => rest.ask('beyond', query),
    unused: (query) => rest.ask('unused', query),
    graph: (query) => rest.ask('graph', query),
    graphTypes: (query) => rest.ask('graphTypes', query),
    changed: (positions) => {
      rest.tell('changed', [positions])
      words.tell('wordsChanged', [], positions.length >= MANY)
    },
    close: async () => { await Promise.all([words.close(), rest.close()]) },
  }
}
