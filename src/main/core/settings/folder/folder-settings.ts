import type { FolderSettings, FolderSettingsState } from '#contract/folder-settings'
import { AppError, isAppError, notFound } from '../../errors'
import type { Store } from '../../ports/store'
import type { Folders } from '../../ports/workspace-files'
import { readFolderSettings } from './read-folder-settings'

const PATH = '.trestle/settings.json'
const MOST_BYTES = 200_000
const none: FolderSettingsState = { state: 'none', problem: null, settings: null, ignored: [] }

export interface FolderSettingsService {
  /** As it is now. AppError RESOURCE_NOT_FOUND. Nothing of an untrusted folder is read. */
  look(workspaceId: string): Promise<FolderSettingsState>
  /** Before a turn: from now on they count. Resolves with why no agent works there: what was meant to hold agents back is never left out. */
  load(workspaceId: string | null): Promise<AppError | null>
  /** As they were loaded last; null: none, or the folder is not trusted now. */
  current(workspaceId: string | null): FolderSettings | null
}

export function createFolderSettings({ store, folders }: { readonly store: Pick<Store, 'workspaces'>; readonly folders: Pick<Folders, 'open' | 'isAvailable'> }): FolderSettingsService {
  const loaded = new Map<string, FolderSettings>()
  const look = async (workspaceId: string): Promise<FolderSettingsState> => {
    const workspace = store.workspaces.get(workspaceId)
    if (!workspace) throw notFound('Workspace', workspaceId)
    if (!workspace.trusted) return { ...none, state: 'unread' }
    if (!(await folders.isAvailable(workspace.path))) return none
    const folder = await folders.open(workspace.path)
    try {
      return readFolderSettings((await folder.readText(PATH, MOST_BYTES)).text)
    } catch (error) {
      if (!isAppError(error)) throw error
      if (error.code === 'RESOURCE_NOT_FOUND') return none
      return { state: 'wrong', problem: { message: error.message, line: 1, column: 1 }, settings: null, ignored: [] }
    }
  }
  return {
    look,
    load: async (workspaceId) => {
      if (workspaceId === null) return null
      const { state, problem, settings } = await look(workspaceId)
      if (state === 'wrong') return new AppError('INVALID_PARAMETERS', `${PATH} of this folder is wrong, line ${problem?.line ?? 1}: ${problem?.message ?? ''} Put it right; until then no agent works here.`)
      if (settings === null) loaded.delete(workspaceId)
      else loaded.set(workspaceId, settings)
      return null
    },
    current: (workspaceId) => (workspaceId !== null && store.workspaces.get(workspaceId)?.trusted === true ? (loaded.get(workspaceId) ?? null) : null),
  }
}
