import { useMutation } from '@tanstack/react-query'
import type { BinItem } from '#contract/workspaces'
import { useServices } from '../../lib/services'
import { folderOf, joinPath, nameOf, shownName, wellFormed } from '../../lib/file-path'
import { canMove } from './tree-rows'

interface Move {
  readonly from: string
  readonly to: string
}

const wordsFor = (paths: readonly string[]): string => (paths.length === 1 ? shownName(nameOf(paths[0] ?? '')) : `${paths.length} items`)

/** What can be done to a file or folder. Failures are told by the window. */
export function useTreeActions(workspaceId: string, { onMoved, onMade }: {
  readonly onMoved: (from: string, to: string) => void
  readonly onMade: (path: string, kind: 'file' | 'folder') => void
}) {
  const { client, orpc, toasts, announcer } = useServices()
  const create = useMutation(orpc.files.create.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (_made, { path, kind }) => onMade(path, kind) }))
  const move = useMutation(orpc.files.move.mutationOptions({ meta: { shownInPlace: true }, onSuccess: (_moved, { from, to }) => onMoved(from, to) }))
  const moveAll = async (moves: readonly Move[]): Promise<readonly Move[]> => {
    for (const { from, to } of moves) {
      await client.files.move({ id: workspaceId, from, to })
      onMoved(from, to)
    }
    return moves
  }
  const moveBack = useMutation({ mutationFn: moveAll })
  const moveAloud = useMutation({
    mutationFn: moveAll,
    onSuccess: (moves) => {
      const back = moves.map(({ from, to }) => ({ from: to, to: from }))
      const [first] = moves
      if (first !== undefined) toasts.info(`Moved ${wordsFor(moves.map(({ from }) => from))} to ${shownName(moves.length === 1 ? first.to : folderOf(first.to) || 'the top')}`, [{ label: 'Undo', run: () => moveBack.mutate(back) }])
    },
  })
  const restore = useMutation({
    mutationFn: async (items: readonly BinItem[]) => {
      for (const { id } of items) await client.workspaces.restoreFromBin({ id })
      return items
    },
    onSuccess: (items) => announcer.say(`${wordsFor(items.map(({ path }) => path))} ${items.length === 1 ? 'is' : 'are'} back`),
  })
  const remove = useMutation({
    // One that fails leaves the others where they are by then: those in the bin can be put back all the same.
    mutationFn: async (paths: readonly string[]) => {
      const items: BinItem[] = []
      try {
        for (const path of paths) items.push(await client.files.remove({ id: workspaceId, path }))
      } finally {
        if (items.length > 0) toasts.info(`${wordsFor(items.map(({ path }) => path))} ${items.length === 1 ? 'is' : 'are'} in the bin`, [{ label: 'Undo', run: () => restore.mutate(items) }])
      }
    },
  })
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
    moveInto: (paths: readonly string[], folder: string) => moveAloud.mutate(paths.filter((path) => canMove(path, folder)).map((path) => ({ from: path, to: joinPath(folder, nameOf(path)) }))),
    remove: (paths: readonly string[]) => remove.mutate(paths),
    reveal: (path: string) => reveal.mutate({ id: workspaceId, path }),
    copyPaths: (paths: readonly string[]) => void copy(paths.join('\n'), paths.length === 1 ? 'The path is copied.' : 'The paths are copied.'),
    isBusy: remove.isPending,
  }
}
export type TreeActions = ReturnType<typeof useTreeActions>
