import { createContext, useContext } from 'react'
import { createFindStore, type FindStore } from '../../features/find-in-files/find-store'
import { createWorkbenchFiles, type OpenOptions, type WorkbenchFiles } from '../../features/editor/workbench-files'
import type { Services } from '../../lib/services'
import { useUiStore } from '../ui-context'
import { useSelection } from '../use-window-state'
import { createWorkStore, type WorkState, type WorkStore } from './work-store'

export interface Work {
  readonly files: WorkbenchFiles
  readonly find: FindStore
  readonly store: WorkStore
}

export function createWork(services: Services): Work {
  return { files: createWorkbenchFiles(services), find: createFindStore(services.client), store: createWorkStore(services.memory) }
}

export const WorkContext = createContext<Work | null>(null)

export function useWork(): Work {
  const work = useContext(WorkContext)
  if (work === null) throw new Error('useWork is used outside of WorkContext')
  return work
}

export function useWorkState<T>(select: (state: WorkState) => T): T {
  return useWork().store(select)
}

/** Opens a file of the workspace that is shown, and brings the editor to the front. */
export function useOpenFile(): ((path: string, options?: OpenOptions) => void) | null {
  const ui = useUiStore()
  const { files, store } = useWork()
  const { workspace } = useSelection()
  if (workspace === null) return null
  return (path, options) => {
    files.open(workspace.id, path, options)
    store.getState().setFront('editor')
    ui.getState().setDrawer(null)
  }
}
