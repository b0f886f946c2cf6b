import { expect, it } from 'vitest'
import { openConnection } from '../connection'
import { migrate } from '../migrate'
import { memoryQueries } from '../memory/items'
import { memoryReviewQueries } from '../memory/reviews'
import { memoryVectorQueries } from '../memory/vectors'
import { migrations } from '../migrations'
import { answeredRequestQueries } from './answered-requests'
import { attachmentQueries } from './attachments'
import { behaviorQueries } from './behavior'
import { branchQueries } from './branches'
import { checkpointQueries } from './checkpoints'
import { eventQueries } from './events'
import { grantQueries } from './grants'
import { humanRequestQueries } from './human-requests'
import { intervalQueries } from './intervals'
import { jobQueries } from './jobs'
import { journalQueries } from './journal'
import { labelledFileQueries } from './labelled-files'
import { learningQueries } from './learning'
import { restoreQueries } from './restores'
import { runQueries } from './runs'
import { scheduleQueries } from './schedules'
import { searchQueries } from './search'
import { sessionQueries } from './sessions'
import { stepQueries } from './steps'
import { taskNoteQueries } from './task-notes'
import { taskRevisionQueries } from './task-revisions'
import { taskRunQueries } from './task-runs'
import { taskQueries } from './tasks'
import { usageQueries } from './usage'

const queries = Object.entries({ answeredRequestQueries, attachmentQueries, behaviorQueries, branchQueries, checkpointQueries, eventQueries, intervalQueries, restoreQueries, grantQueries, humanRequestQueries, jobQueries, journalQueries, labelledFileQueries, learningQueries, memoryQueries, memoryReviewQueries, memoryVectorQueries, runQueries, scheduleQueries, searchQueries, sessionQueries, stepQueries, taskQueries, taskNoteQueries, taskRevisionQueries, taskRunQueries, usageQueries })
  .flatMap(([file, statements]) => Object.entries(statements).map(([name, sql]) => [`${file}.${name}`, sql] as const))

/** What walks a whole table on purpose: from its end, and no further than the limit; or the result of a recursion. */
const bounded: Readonly<Record<string, readonly string[]>> = {
  'learningQueries.waiting': ['SCAN learning USING INDEX learning_waiting'],
  'answeredRequestQueries.edge': ['SCAN answered_requests USING COVERING INDEX answered_requests_by_age'],
  'behaviorQueries.list': ['SCAN behavior_versions USING COVERING INDEX sqlite_autoindex_behavior_versions_1', 'SCAN (subquery-1)'],
  'checkpointQueries.listKept': ['SCAN checkpoints USING INDEX checkpoints_kept'],
  'eventQueries.oldest': ['SCAN events'],
  'intervalQueries.removeBefore': ['SCAN intervals USING COVERING INDEX intervals_by_workspace_time'],
  'jobQueries.countDead': ['SCAN jobs USING COVERING INDEX jobs_dead'],
  'jobQueries.countLeased': ['SCAN jobs USING COVERING INDEX jobs_leased'],
  'jobQueries.countReady': ['SCAN jobs USING COVERING INDEX jobs_ready'],
  'jobQueries.forgetDead': ['SCAN jobs USING COVERING INDEX jobs_dead'],
  'jobQueries.releaseLost': ['SCAN jobs USING INDEX jobs_leased'],
  'jobQueries.releaseStopped': ['SCAN jobs USING INDEX jobs_leased'],
  'journalQueries.prompts': ['SCAN path', 'SCAN path'],
  'journalQueries.path': ['SCAN path', 'SCAN path'],
  'journalQueries.pathIds': ['SCAN path', 'SCAN path'],
  'restoreQueries.listUnfinished': ['SCAN restores USING INDEX restores_unfinished'],
  'scheduleQueries.listQueued': ['SCAN occurrences USING COVERING INDEX occurrences_queued'],
  'scheduleQueries.newestPresence': ['SCAN presence'],
  'sessionQueries.deletedBefore': [],
  'taskNoteQueries.views': ['SCAN task_views'],
  'taskRunQueries.listOpen': ['SCAN task_runs USING INDEX task_runs_open'],
  'stepQueries.busiestMinutes': ['SCAN newest', 'SCAN (subquery-2)'],
  'stepQueries.listUnfinished': ['SCAN steps USING INDEX steps_unfinished'],
}

it.each(queries)('%s finds its rows by an index', (name, sql) => {
  const db = openConnection(':memory:')
  migrate(db, migrations, { at: 0, appVersion: '1' })
  const names = [...sql.matchAll(/@(\w+)/g)].map(([, parameter]) => [parameter, null])
  const positions = Array.from({ length: sql.split('?').length - 1 }, () => null)
  const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...(names.length > 0 ? [Object.fromEntries(names)] : positions)).map(({ detail }) => detail)
  const scans = plan.filter((detail) => detail.startsWith('SCAN') && !detail.includes('VIRTUAL TABLE') && !detail.startsWith('SCAN CONSTANT'))
  expect(scans).toEqual(bounded[name] ?? [])
  db.close()
})
