import type { Migration } from '../migrate'
import { initial } from './0001-initial'
import { checkpoints } from './0002-checkpoints'
import { sessionList } from './0003-sessions'
import { usageByDay } from './0004-usage'

/** In order; the position of a migration, from 1, is the `user_version` it leads to. Never edited once landed. */
export const migrations: readonly Migration[] = [initial, checkpoints, sessionList, usageByDay]
