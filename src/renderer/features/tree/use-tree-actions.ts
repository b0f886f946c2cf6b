import { useMutation } from '@tanstack/react-query'
import { useServices } from '../../lib/services'
import { joinPath, nameOf, shownName, wellFormed } from '../../lib/file-path'

/** What can be done to a file or folder. Failures are told by the window. */
export function useTreeActions(workspaceId: string, { onMoved, onMade }: {
  readonly onMoved: (from: string, to: string) => void
  readonly onMade: (path: string, kind: 'file' | 'folder') => void
}) {
  const { orpc, toasts, announcer } = useServices()
  const create = useMutation(orpc.files.create.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (_made, { path, kind }) => onMade(path, kind) }))
  const move = useMutation(orpc.files.move.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (_moved, { from, to }) => onMoved(from, to) }))
  const moveAloud = useMutation(orpc.files.move.mutationOptions({
    onSuccess: (_moved, { from, to }) => {
      onMoved(from, to)
      toasts.info(`Moved ${shownName(nameOf(from))} to ${shownName(to)}`, [{ label: 'Undo', run: () => moveBack.mutate({ id: workspaceId, from: to, to: from }) }])
    },
  }))
  const moveBack = useMutation(orpc.files.move.mutationOptions({ onSuccess: (_moved, { from, to }) => onMoved(from, to) }))
  const restore = useMutation(orpc.workspaces.restoreFromBin.mutationOptions({ onSuccess: ({ path }) => announcer.say(`${shownName(nameOf(path))} is back`) }))
  const remove = useMutation(orpc.files.remove.mutationOptions({
    onSuccess: (item) => toasts.info(`${shownName(nameOf(item.path))} is in the bin`, [{ label: 'Undo', run: () => restore.mutate({ id: item.id }) }]),
  }))
  const reveal = useMutation(orpc.files.reveal.mutationOptions({
    onSuccess: ({ path, shown }) => {
      if (!shown) void copy(path, 'The path is copied: this host has no file manager.')
    },
  }))
  const copy = async (text: string, told: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(wellFormed(text))
      toasts.info(told)
    } catch {
      toasts.error(`The path could not be copied: ${text}`)
    }
  }
  return {
    create, move,
    moveInto: (path: string, folder: string) => moveAloud.mutate({ id: workspaceId, from: path, to: joinPath(folder, nameOf(path)) }),
    remove: (path: string) => remove.mutate({ id: workspaceId, path }),
    reveal: (path: string) => reveal.mutate({ id: workspaceId, path }),
    copyPath: (path: string) => void copy(path, 'The path is copied.'),
    isBusy: remove.isPending,
  }
}
export type TreeActions = ReturnType<typeof useTreeActions>
