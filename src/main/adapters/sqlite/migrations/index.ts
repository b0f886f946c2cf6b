import type { Migration } from '../migrate'
import { initial } from './0001-initial'
import { checkpoints } from './0002-checkpoints'
import { sessionList } from './0003-sessions'
import { flags } from './0004-flags'
import { restoresAndPins } from './0005-restores-and-pins'
import { attachments } from './0006-attachments'
import { usageByDay } from './0007-usage'
import { tasks } from './0008-tasks'
import { jobs } from './0009-jobs'
import { scheduler } from './0010-scheduler'
import { behavior } from './0011-behavior'
import { taskRevisions } from './0012-task-revisions'
import { permissionRules } from './0013-permission-rules'

/** In order; the position of a migration, from 1, is the `user_version` it leads to. Never edited once landed. */
export const migrations: readonly Migration[] = [initial, checkpoints, sessionList, flags, restoresAndPins, attachments, usageByDay, tasks, jobs, scheduler, behavior, taskRevisions, permissionRules]
