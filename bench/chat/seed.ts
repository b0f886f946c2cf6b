import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntryPayload } from '../../src/contract/entries'
import { openStore } from '../../src/main/adapters/sqlite'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const clock = { now: () => Date.now(), elapsed: () => performance.now() }

/** A fresh profile with one session that holds this conversation. `summarised`: the model is sent a summary of it, so that the next turn does not begin with making one. */
export async function seedProfile(payloads: readonly EntryPayload[], { summarised = false }: { readonly summarised?: boolean } = {}): Promise<{ readonly profile: string; readonly sessionId: string }> {
  const profile = await mkdtemp(join(tmpdir(), 'trestle-bench-'))
  const { store, close } = openStore({
    path: join(profile, 'trestle.db'), backupFolder: join(profile, 'backups'), clock: clock as never, newId: randomUUID, logger: quiet as never, appVersion: '0.1.0',
  })
  const [sessionId, headId] = [randomUUID(), randomUUID()]
  store.transaction(() => {
    store.sessions.insert({
      id: sessionId, workspaceId: null, title: 'A long conversation', model: 'openai/bench', mode: 'ask', createdAt: Date.now(),
      head: { id: headId, entryId: null, createdAt: Date.now() },
    })
    let parentId: string | null = null
    const append = (payload: EntryPayload): void => {
      const id = randomUUID()
      store.journal.append({ id, sessionId, parentId, runId: null, stepId: null, at: Date.now(), payload }, headId)
      parentId = id
    }
    payloads.forEach(append)
    if (summarised && parentId !== null) append({ kind: 'summary', text: 'Files were loaded.', untilEntryId: parentId, keptEntryIds: [], tokensBefore: 1_000_000, tokensAfter: 10 })
  })
  await close()
  return { profile, sessionId }
}
