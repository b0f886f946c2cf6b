import { Clipboard, ExternalLink, FilePlus, FolderPlus, MessageSquarePlus, Pencil, Scissors, Search, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { MenuItem } from '../../components/menu'
import { floatStyle } from '../../components/float'
import { classNames } from '../../lib/class-names'
import { folderOf, shownName } from '../../lib/file-path'
import type { Naming } from './name-dialog'
import type { TreeRow } from './tree-rows'
import type { TreeActions } from './use-tree-actions'

export interface MenuPlace {
  readonly row: TreeRow
  readonly x: number
  readonly y: number
}

/** What can be done with a row or with several, at the place that was pressed. */
export function TreeMenu({ place, paths, cut, actions, onName, onCut, onPaste, onAttach, onSearchIn, onClose }: {
  readonly place: MenuPlace
  /** What it is done to: the row, or all that are chosen. */
  readonly paths: readonly string[]
  readonly cut: readonly string[]
  readonly actions: TreeActions
  readonly onName: (naming: Naming) => void
  readonly onCut: (paths: readonly string[]) => void
  readonly onPaste: (folder: string) => void
  readonly onAttach: ((paths: readonly string[]) => void) | null
  readonly onSearchIn: (folder: string) => void
  readonly onClose: () => void
}) {
  const { row, x, y } = place
  const isOne = paths.length === 1
  const several = isOne ? '' : ` ${paths.length} items`
  const folder = row.kind === 'folder' ? row.path : folderOf(row.path)
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild><span aria-hidden className="fixed size-0" style={{ left: x, top: y }} /></DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={isOne ? shownName(row.name) : `${paths.length} items`}
          align="start"
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className={classNames(floatStyle, 'max-h-(--radix-dropdown-menu-content-available-height) min-w-52 overflow-y-auto p-1')}
        >
          {onAttach !== null && row.kind !== 'other' && <MenuItem icon={<MessageSquarePlus />} onSelect={() => onAttach(paths)}>{`Add${several} to the message`}</MenuItem>}
          {isOne && <MenuItem icon={<FilePlus />} onSelect={() => onName({ kind: 'file', folder })}>New file…</MenuItem>}
          {isOne && <MenuItem icon={<FolderPlus />} onSelect={() => onName({ kind: 'folder', folder })}>New folder…</MenuItem>}
          {isOne && <MenuItem icon={<Search />} onSelect={() => onSearchIn(folder)}>Search in this folder</MenuItem>}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <MenuItem icon={<Scissors />} onSelect={() => onCut(paths)}>{`Cut${several}`}</MenuItem>
          <MenuItem icon={<Clipboard />} disabled={cut.length === 0} onSelect={() => onPaste(folder)}>Paste here</MenuItem>
          <MenuItem icon={<Clipboard />} onSelect={() => actions.copyPaths(paths)}>{isOne ? 'Copy path' : 'Copy paths'}</MenuItem>
          {isOne && <MenuItem icon={<ExternalLink />} onSelect={() => actions.reveal(row.path)}>Show in the file manager</MenuItem>}
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          {isOne && <MenuItem icon={<Pencil />} onSelect={() => onName({ kind: 'rename', path: row.path })}>Rename…</MenuItem>}
          <MenuItem icon={<Trash2 />} danger onSelect={() => actions.remove(paths)}>{`Delete${several}`}</MenuItem>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
