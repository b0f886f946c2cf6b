import type { Database } from 'better-sqlite3'
import type { PromptQueue } from '#contract/prompts'
import type { PromptQueueStore } from '#core/ports/store'

interface QueueRow {
  readonly session_id: string
  readonly state: PromptQueue['state']
  readonly reason: string | null
  readonly on_failure: PromptQueue['onFailure']
  readonly retries: number
  readonly go_back: number
}

export function createPromptQueueStore(db: Database): PromptQueueStore {
  const select = db.prepare<[string], QueueRow>('SELECT session_id, state, reason, on_failure, retries, go_back FROM prompt_queues WHERE session_id = ?')
  const put = db.prepare(`INSERT INTO prompt_queues (session_id, state, reason, on_failure, retries, go_back) VALUES (@sessionId, @state, @reason, @onFailure, @retries, @goBack)
    ON CONFLICT (session_id) DO UPDATE SET state = @state, reason = @reason, on_failure = @onFailure, retries = @retries, go_back = @goBack`)
  return {
    get(sessionId) {
      const row = select.get(sessionId)
      if (!row) return { sessionId, state: 'stopped', reason: null, onFailure: 'stop', retries: 2, goBack: false }
      return { sessionId, state: row.state, reason: row.reason, onFailure: row.on_failure, retries: row.retries, goBack: row.go_back === 1 }
    },
    put: ({ goBack, ...queue }) => void put.run({ ...queue, goBack: goBack ? 1 : 0 }),
  }
}
