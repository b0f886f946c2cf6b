import { useMutation, useQuery } from '@tanstack/react-query'
import type { Workspace } from '#contract/workspaces'
import { useServices } from '../../lib/services'

/** Opens folders: with the picker of the system where the host has one, else by asking for `showBrowser`. */
export function useOpenFolder({ onOpened, showBrowser }: { readonly onOpened: (workspace: Workspace) => void; readonly showBrowser: () => void }) {
  const { client, cache, queries } = useServices()
  const system = useQuery(queries.system())
  const opening = useMutation({
    mutationFn: (path: string) => client.workspaces.open({ path }),
    onSuccess: (workspace) => {
      cache.workspace(workspace)
      onOpened(workspace)
    },
  })
  const picking = useMutation({ mutationFn: () => client.system.pickFolder({}), onSuccess: ({ path }) => path !== null && opening.mutate(path) })
  return {
    busy: opening.isPending || picking.isPending,
    openPath: (path: string) => opening.mutate(path),
    ask: () => (system.data?.folderPicker === true ? picking.mutate() : showBrowser()),
  }
}
