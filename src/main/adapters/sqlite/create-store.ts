import type { Database } from 'better-sqlite3'
import { isAppError } from '#core/errors'
import type { Durability, Store } from '#core/ports/store'
import { createMemoryStore } from './memory/items'
import { createMemoryReviewStore } from './memory/reviews'
import { createMemoryVectorStore } from './memory/vectors'
import type { LogCheckpoint } from './log-checkpoint/log-checkpoint'
import { mapSqliteError, withMappedErrors } from './sqlite-errors'
import { createSyncing } from './syncing'
import { createAgentStore } from './tables/agents'
import { createAnsweredRequestStore } from './tables/answered-requests'
import { createAttachmentStore } from './tables/attachments'
import { createBehaviorStore } from './tables/behavior'
import { createBinStore } from './tables/bin'
import { createBranchStore } from './tables/branches'
import { createCatalogueStore } from './tables/catalogue'
import { createCheckpointStore } from './tables/checkpoints'
import { createEventLog, eventLogDefaults, type EventLogOptions } from './tables/events'
import { createFlagStore } from './tables/flags'
import { createGrantStore } from './tables/grants'
import { createAccessTokenStore } from './tables/access-tokens'
import { createAuditStore } from './tables/audit'
import { createPermissionRuleStore } from './tables/permission-rules'
import { createHumanRequestStore } from './tables/human-requests'
import { createIntervalStore } from './tables/intervals'
import { createJournalStore } from './tables/journal'
import { createLabelledFileStore } from './tables/labelled-files'
import { createLearningStore } from './tables/learning'
import { createMcpStore } from './tables/mcp'
import { createNoticeStore } from './tables/notices'
import { createPlanStore } from './tables/plans'
import { createPromptQueueStore } from './tables/prompt-queues'
import { rememberConditions } from './tables/remember-conditions'
import { createProviderKeyStore } from './tables/provider-keys'
import { createRestoreStore } from './tables/restores'
import { createRunStore } from './tables/runs'
import { createScheduleStore } from './tables/schedules'
import { createSearchIndex, createSearchStore } from './tables/search'
import { createSessionStore } from './tables/sessions'
import { createSettingsStore } from './tables/settings'
import { createStepStore } from './tables/steps'
import { createStorageJobStore } from './tables/storage-jobs'
import { createTaskNoteStore } from './tables/task-notes'
import { createTaskRevisionStore } from './tables/task-revisions'
import { createTaskRunStore } from './tables/task-runs'
import { createTaskStore } from './tables/tasks'
import { createUsageStore } from './tables/usage'
import { createWorkflowStore } from './tables/workflows'
import { createWorkspaceStore } from './tables/workspaces'

export interface CreateStoreOptions {
  readonly events?: EventLogOptions
  /** Called when a statement found the database damaged. */
  readonly onDamage?: () => void
  readonly log?: Pick<LogCheckpoint, 'committed' | 'room' | 'empty'>
}

/** More than any transaction that may wait for the disk adds. */
const MAX_WAITING_EVENTS = 100

/** The store over a database of the newest version. `release` comes before closing the database. */
export function createStore(db: Database, options: CreateStoreOptions = {}): { readonly store: Store; readonly release: () => void } {
  const map = (error: unknown, what: string) => {
    const mapped = mapSqliteError(error, what, db.name)
    if (isAppError(mapped) && mapped.code === 'DATABASE_DAMAGED') options.onDamage?.()
    return mapped
  }
  const guarded = <T extends object>(methods: T, what: string) => withMappedErrors(methods, (error) => map(error, what))
  const index = createSearchIndex(db)
  const journal = createJournalStore(db)
  const { sessions, workspaces } = rememberConditions(db, createSessionStore(db, index), createWorkspaceStore(db))
  const runs = createRunStore(db)
  const steps = createStepStore(db)
  const requests = createHumanRequestStore(db)
  const memory = createMemoryStore(db)
  const events = createEventLog(db, { journal, runs, steps, requests, memory }, options.events ?? eventLogDefaults)
  const { nextSeq, lastSeq, append, readAfter } = events
  const syncing = createSyncing(db, () => options.log?.committed())
  const transaction = <T>(work: () => T, durability: Durability = 'disk'): T => {
    const undo = events.mark()
    try {
      // A block of event numbers has to be on disk before any of it is used.
      const mayWait = events.reserved() >= MAX_WAITING_EVENTS
      return syncing.transaction(work, mayWait ? durability : 'disk') as T
    } catch (error) {
      undo()
      throw map(error, 'The last change')
    }
  }

  return {
    store: {
      transaction,
      room: () => options.log?.room() ?? Promise.resolve(),
      emptyLog: () => options.log?.empty() ?? Promise.resolve(true),
      ...guarded({ sync: syncing.sync, syncSoon: syncing.soon, hurry: syncing.hurry }, 'The last change'),
      sessions: guarded(sessions, 'The session'),
      journal: guarded(journal, 'The conversation'),
      runs: guarded(runs, 'The run'),
      steps: guarded(steps, 'The step of the run'),
      requests: guarded(requests, 'The question to you'),
      agents: guarded(createAgentStore(db), 'The agent'),
      plans: guarded(createPlanStore(db), 'The plan'),
      workflows: guarded(createWorkflowStore(db), 'The workflow'),
      grants: guarded(createGrantStore(db), 'The permission'),
      accessTokens: guarded(createAccessTokenStore(db), 'The token'),
      providerKeys: guarded(createProviderKeyStore(db), 'The name of the key'),
      audit: guarded(createAuditStore(db), 'The audit'),
      permissionRules: guarded(createPermissionRuleStore(db), 'The rule'),
      mcp: guarded(createMcpStore(db), 'The MCP server'),
      prompts: guarded(createPromptQueueStore(db), 'The prompt queue'),
      workspaces: guarded(workspaces, 'The workspace'),
      labelledFiles: guarded(createLabelledFileStore(db), 'What a file was written from'),
      learning: guarded(createLearningStore(db), 'What is to be learnt'),
      behavior: guarded(createBehaviorStore(db), 'The rules'),
      bin: guarded(createBinStore(db), 'The entry of the bin'),
      settings: guarded(createSettingsStore(db), 'Your change of the settings'),
      catalogue: guarded(createCatalogueStore(db), 'The list of models'),
      flags: guarded(createFlagStore(db), 'The state of the profile'),
      notices: guarded(createNoticeStore(db), 'The notice'),
      checkpoints: guarded(createCheckpointStore(db), 'The checkpoint'),
      intervals: guarded(createIntervalStore(db), 'What changed in the folder'),
      restores: guarded(createRestoreStore(db), 'The restore'),
      branches: guarded(createBranchStore(db), 'The branch'),
      storageJobs: guarded(createStorageJobStore(db), 'The report of the storage'),
      attachments: guarded(createAttachmentStore(db), 'The attachment'),
      schedules: guarded(createScheduleStore(db), 'The schedule'),
      search: guarded(createSearchStore(db), 'The search'),
      usage: guarded(createUsageStore(db), 'The usage'),
      ...createTaskStores(db, guarded),
      memory: guarded(memory, 'The memory'),
      ...createMemoryStores(db, guarded),
      answeredRequests: guarded(createAnsweredRequestStore(db), 'The request'),
      events: guarded({ nextSeq, lastSeq, append, readAfter }, 'The event'),
    },
    release: () => {
      syncing.stop()
      events.release()
    },
  }
}

type Guard = <T extends object>(methods: T, what: string) => T

function createMemoryStores(db: Database, guarded: Guard): Pick<Store, 'memoryVectors' | 'memoryReviews'> {
  return {
    memoryVectors: guarded(createMemoryVectorStore(db), 'The vectors of the memory'),
    memoryReviews: guarded(createMemoryReviewStore(db), 'The review of the memory'),
  }
}

function createTaskStores(db: Database, guarded: Guard): Pick<Store, 'tasks' | 'taskRuns' | 'taskRevisions' | 'taskNotes'> {
  const taskRevisions = createTaskRevisionStore(db)
  return {
    tasks: guarded(createTaskStore(db, taskRevisions), 'The task'),
    taskRuns: guarded(createTaskRunStore(db), 'The attempt at the task'),
    taskRevisions: guarded(taskRevisions, 'What the task was like'),
    taskNotes: guarded(createTaskNoteStore(db), 'What belongs to the task'),
  }
}
