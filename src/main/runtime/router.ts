import type { Router } from '@orpc/server'
import type { Contract } from '#contract'
import { accessHandlers } from './handlers/access'
import { agentHandlers } from './handlers/agents'
import { artifactHandlers } from './handlers/artifacts'
import { attachmentHandlers } from './handlers/attachments'
import { auditHandlers } from './handlers/audit'
import { behaviorHandlers } from './handlers/behavior'
import { changeHandlers } from './handlers/changes'
import { branchHandlers, checkpointHandlers } from './handlers/checkpoints'
import { conversationHandlers } from './handlers/conversation'
import { dataHandlers } from './handlers/data'
import { desktopHandlers } from './handlers/desktop'
import { eventHandlers } from './handlers/events'
import { fileHandlers } from './handlers/files'
import { findInFilesHandlers } from './handlers/find-in-files'
import { humanRequestHandlers } from './handlers/human-requests'
import { knowledgeHandlers } from './handlers/knowledge'
import { mcpHandlers } from './handlers/mcp'
import { memoryHandlers } from './handlers/memory'
import { modelHandlers, providerHandlers } from './handlers/models'
import { permissionHandlers } from './handlers/permissions'
import { planHandlers } from './handlers/plans'
import { promptHandlers } from './handlers/prompts'
import { receiptHandlers } from './handlers/receipts'
import { runHandlers } from './handlers/runs'
import { scheduleHandlers } from './handlers/schedules'
import { searchHandlers } from './handlers/search'
import { sessionHandlers } from './handlers/sessions'
import { settingsHandlers } from './handlers/settings'
import { storageHandlers } from './handlers/storage'
import { systemHandlers } from './handlers/system'
import { taskHandlers } from './handlers/tasks'
import { terminalHandlers } from './handlers/terminals'
import { usageHandlers } from './handlers/usage'
import { webHandlers } from './handlers/web'
import { workHandlers } from './handlers/work'
import { workflowHandlers } from './handlers/workflows'
import { workspaceHandlers } from './handlers/workspaces'
import { type CallContext, os } from './implementer'
import type { RuntimePorts, Services } from './services'

export type { CallContext } from './implementer'
export type AppRouter = Router<Contract, CallContext>

export function createRouter(ports: RuntimePorts, services: Services): AppRouter {
  return os.router({
    agents: agentHandlers(ports, services),
    artifacts: artifactHandlers(ports),
    attachments: attachmentHandlers(services),
    audit: auditHandlers(ports, services),
    behavior: behaviorHandlers(services),
    branches: branchHandlers(services),
    changes: changeHandlers(services),
    checkpoints: checkpointHandlers(ports, services),
    conversation: conversationHandlers(ports, services),
    data: dataHandlers(ports, services),
    desktop: desktopHandlers(ports),
    events: eventHandlers(services),
    files: fileHandlers(ports, services),
    findInFiles: findInFilesHandlers(services),
    humanRequests: humanRequestHandlers(ports, services),
    knowledge: knowledgeHandlers(ports, services),
    mcp: mcpHandlers(services),
    memory: memoryHandlers(ports, services),
    models: modelHandlers(services),
    access: accessHandlers(services),
    permissions: permissionHandlers(services),
    plans: planHandlers(services),
    providers: providerHandlers(ports, services),
    prompts: promptHandlers(services),
    receipts: receiptHandlers(ports, services),
    runs: runHandlers(ports, services),
    schedules: scheduleHandlers(services),
    search: searchHandlers(services),
    sessions: sessionHandlers(ports, services),
    settings: settingsHandlers(services),
    storage: storageHandlers(services),
    system: systemHandlers(ports, services),
    tasks: taskHandlers(ports, services),
    terminals: terminalHandlers(services),
    usage: usageHandlers(services),
    web: webHandlers(services),
    work: workHandlers(services),
    workflows: workflowHandlers(services),
    workspaces: workspaceHandlers(services),
  })
}
