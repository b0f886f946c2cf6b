import { access } from './access'
import { agents } from './agents'
import { attachments } from './attachments'
import { audit } from './audit'
import { behavior } from './behavior'
import { changes } from './changes'
import { branches, checkpoints } from './checkpoints'
import { conversation } from './conversation'
import { data } from './data'
import { desktop } from './desktop'
import { events } from './events'
import { files } from './files'
import { findInFiles } from './find-in-files'
import { humanRequests } from './human-requests'
import { knowledge } from './knowledge'
import { mcp } from './mcp'
import { memory } from './memory'
import { models, providers } from './models'
import { permissions } from './permissions'
import { plans } from './plans'
import { prompts } from './prompts'
import { receipts } from './receipts'
import { runs } from './runs'
import { schedules } from './schedules'
import { search } from './search'
import { sessions } from './sessions'
import { settings } from './settings'
import { storage } from './storage'
import { artifacts, system } from './system'
import { tasks } from './tasks'
import { terminals } from './terminals'
import { usage } from './usage'
import { web } from './web'
import { work } from './work'
import { workflows } from './workflows'
import { workspaces } from './workspaces'

/**
 * The one description of what Trestle can be asked. The typed clients, the MessagePort and WebSocket calls, the
 * REST routes under /api/v1 and their OpenAPI document are all made from it.
 */
export const contract = {
  access, agents, artifacts, attachments, audit, behavior, branches, changes, checkpoints, conversation, data, desktop, events, files, findInFiles, humanRequests, knowledge, mcp, memory, models,
  permissions, plans, prompts, providers, receipts, runs, schedules, search, sessions, settings, storage, system, tasks, terminals, usage, web, work, workflows, workspaces,
}
export type Contract = typeof contract
