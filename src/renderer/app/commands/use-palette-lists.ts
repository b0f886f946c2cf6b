import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import type { PaletteItem } from '../../lib/commands/registry'
import { usePaletteItems } from '../../lib/commands/use-commands'
import { useServices } from '../../lib/services'
import { modes } from '../modes'
import { useFolderActions } from '../sidebar'
import { useUiStore } from '../ui-context'
import { useModelState, useSelection } from '../use-window-state'

const maxSessions = 200
const maxModels = 100

/** Sessions, folders, models and modes, each to be picked by name. */
export function usePaletteLists(): void {
  usePaletteItems(useSessionItems())
  usePaletteItems(useFolderItems())
  usePaletteItems(useModelItems())
}

function useSessionItems(): readonly PaletteItem[] {
  const { queries } = useServices()
  const ui = useUiStore()
  const sessions = useInfiniteQuery({ ...queries.sessions('active'), select: (data) => data.pages.flatMap((page) => page.items) }).data
  return (sessions ?? []).slice(0, maxSessions).map(({ id, title }) => ({
    id: `session ${id}`, title, group: 'Sessions', onlyWhenSought: true, run: () => ui.getState().go({ view: 'session', sessionId: id }),
  }))
}

function useFolderItems(): readonly PaletteItem[] {
  const { queries } = useServices()
  const { openPath } = useFolderActions()
  const folders = useQuery(queries.workspaces()).data?.items
  return (folders ?? []).map(({ id, name, path }) => ({
    id: `folder ${id}`, title: name, group: 'Folders', note: path, onlyWhenSought: true, run: () => openPath(path),
  }))
}

function useModelItems(): readonly PaletteItem[] {
  const { orpc, cache } = useServices()
  const { session } = useSelection()
  const shown = session.data ?? null
  const { usable } = useModelState(shown)
  const patch = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess: (next) => cache.session(next) }))
  const put = useMutation(orpc.settings.put.mutationOptions({ onSuccess: (next) => cache.settings(next) }))
  const of = shown === null ? 'for new sessions' : 'in this session'
  return [
    ...modes.map(({ value, label }): PaletteItem => ({
      id: `mode ${value}`, title: `Mode: ${label}`, group: 'Model and mode', note: of,
      run: () => (shown === null ? put.mutate({ defaultMode: value }) : patch.mutate({ id: shown.id, mode: value })),
    })),
    ...usable.slice(0, maxModels).map(({ id, name, provider }): PaletteItem => ({
      id: `model ${id}`, title: `Model: ${name}`, group: 'Model and mode', note: `${provider}, ${of}`, onlyWhenSought: true,
      run: () => (shown === null ? put.mutate({ defaultModel: id }) : patch.mutate({ id: shown.id, model: id })),
    })),
  ]
}
