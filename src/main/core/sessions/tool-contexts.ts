import type { Session } from '#contract/sessions'
import { AppError, isAppError } from '../errors'
import type { ArtifactStore } from '../ports/artifact-store'
import type { CommandRunner } from '../ports/command-runner'
import type { Store } from '../ports/store'
import type { Clock, NewId } from '../ports/system'
import type { Folders, TextSearch, WorkspaceFolder } from '../ports/workspace-files'
import type { ToolContext } from '../tools/tool'

export interface SessionToolContexts {
  /** What the tools of a session work with. Never throws: in a session without a folder, or whose folder is gone, every file call says so. */
  open(session: Session): Promise<ToolContext>
}

export interface ToolContextPorts {
  readonly store: Store
  readonly folders: Folders
  readonly search: TextSearch
  readonly commands: CommandRunner
  readonly artifacts: ArtifactStore
  /** Resolves when it is known whether commands are confined. */
  readonly sandboxKnown: () => Promise<void>
  readonly clock: Clock
  readonly newId: NewId
}

export function createToolContexts(ports: ToolContextPorts): SessionToolContexts {
  const { store, folders, search, commands, artifacts, clock, newId } = ports
  const openFolder = async (workspaceId: string | null): Promise<WorkspaceFolder> => {
    const workspace = workspaceId === null ? null : store.workspaces.get(workspaceId)
    if (!workspace) return absentFolder(new AppError('WORKSPACE_UNAVAILABLE', 'This session has no folder. Open one to work with files.'))
    return folders.open(workspace.path).catch((error: unknown) => {
      if (isAppError(error)) return absentFolder(error)
      throw error
    })
  }
  return {
    open: async (session) => {
      await ports.sandboxKnown()
      return {
        sessionId: session.id, workspaceId: session.workspaceId ?? '', folder: await openFolder(session.workspaceId),
        search, commands, artifacts, bin: store.bin, clock, newId,
      }
    },
  }
}

function absentFolder(error: AppError): WorkspaceFolder {
  const fail = () => Promise.reject(error)
  return {
    root: '', resolve: fail, readText: fail, readLines: fail, readBinary: fail, makeFolder: fail, writeText: fail, move: fail, list: fail, hash: fail,
    hashText: () => '', moveToBin: fail, restoreFromBin: fail,
  }
}
