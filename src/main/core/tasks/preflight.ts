import type { Mode } from '#contract/common'
import type { Settings } from '#contract/settings'
import type { AgentTemplates } from '../agents/templates'
import { isAppError } from '../errors'
import type { ModelRegistry } from '../models/model-registry'
import { narrowest } from '../permissions/modes'
import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'
import type { Folders } from '../ports/workspace-files'

export interface PreflightPorts {
  readonly store: Pick<Store, 'workspaces' | 'grants'>
  readonly models: Pick<ModelRegistry, 'resolve'>
  readonly folders: Pick<Folders, 'isAvailable'>
  readonly settings: () => Settings
  readonly templates: Pick<AgentTemplates, 'find'>
  readonly clock: Pick<Clock, 'now'>
}

export interface Needs {
  readonly workspaceId: string | null
  readonly model: string | null
  readonly mode: Mode
  readonly template: string
}

export interface Preflight {
  /** What keeps it from starting at all, for people; null: nothing. */
  readonly missing: string | null
  /** What it will stop and ask for while nobody may be there. */
  readonly approvals: string | null
}

export type Look = (needs: Needs) => Promise<Preflight>

/** Looks whether an attempt could work by itself. Changes nothing. */
export async function preflight(ports: PreflightPorts, wish: Needs): Promise<Preflight> {
  const template = ports.templates.find(wish.template)
  if (!template) return { missing: `There is no kind of agent “${wish.template}” any more. Give it another one.`, approvals: null }
  const needs = { ...wish, mode: narrowest(wish.mode, template.mode), model: wish.model ?? template.model }
  return { missing: (await folderProblem(ports, needs)) ?? (await modelProblem(ports, needs)), approvals: approvals(ports, needs) }
}

async function folderProblem({ store, folders }: PreflightPorts, { workspaceId, mode }: Needs): Promise<string | null> {
  if (workspaceId === null) return null
  const workspace = store.workspaces.get(workspaceId)
  if (!workspace) return 'Its folder is not known to Trestle any more. Give it another one.'
  if (!(await folders.isAvailable(workspace.path))) return `Its folder “${workspace.name}” is not there. Bring it back or give it another one.`
  if (!workspace.trusted && mode !== 'plan') return `Its folder “${workspace.name}” is not trusted, so agents may only read it. Trust it, or let the task work in plan mode.`
  return null
}

async function modelProblem({ models, settings }: PreflightPorts, { model, workspaceId }: Needs): Promise<string | null> {
  try {
    await models.resolve(model ?? settings().defaultModel, workspaceId)
    return null
  } catch (error) {
    if (isAppError(error)) return error.message
    throw error
  }
}

function approvals({ store, clock }: PreflightPorts, { mode, workspaceId }: Needs): string | null {
  if (mode !== 'ask' || workspaceId === null) return null
  if (store.grants.listByWorkspace(workspaceId, clock.now()).length > 0) return null
  return 'In ask mode every change waits for your approval, so it would stop at the first one. Choose auto-edit, or resume it all the same.'
}
