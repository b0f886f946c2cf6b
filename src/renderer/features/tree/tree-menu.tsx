import { Clipboard, ExternalLink, FilePlus, FolderPlus, MessageSquarePlus, Pencil, Scissors, Search, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { MenuItem } from '../../components/menu'
import { floatStyle } from '../../components/popover'
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

/** What can be done with one row, at the place that was pressed. */
export function TreeMenu({ place, cut, actions, onName, onCut, onPaste, onAttach, onSearchIn, onClose }: {
  readonly place: MenuPlace
  readonly cut: string | null
  readonly actions: TreeActions
  readonly onName: (naming: Naming) => void
  readonly onCut: (path: string) => void
  readonly onPaste: (folder: string) => void
  readonly onAttach: ((path: string) => void) | null
  readonly onSearchIn: (folder: string) => void
  readonly onClose: () => void
}) {
  const { row, x, y } = place
  const folder = row.kind === 'folder' ? row.path : folderOf(row.path)
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger asChild><span aria-hidden className="fixed size-0" style={{ left: x, top: y }} /></DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={shownName(row.name)}
          align="start"
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className={classNames(floatStyle, 'max-h-(--radix-dropdown-menu-content-available-height) min-w-52 overflow-y-auto p-1')}
        >
          {onAttach !== null && row.kind !== 'other' && <MenuItem icon={<MessageSquarePlus />} onSelect={() => onAttach(row.path)}>Add to the message</MenuItem>}
          <MenuItem icon={<FilePlus />} onSelect={() => onName({ kind: 'file', folder })}>New file…</MenuItem>
          <MenuItem icon={<FolderPlus />} onSelect={() => onName({ kind: 'folder', folder })}>New folder…</MenuItem>
          <MenuItem icon={<Search />} onSelect={() => onSearchIn(folder)}>Search in this folder</MenuItem>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <MenuItem icon={<Scissors />} onSelect={() => onCut(row.path)}>Cut</MenuItem>
          <MenuItem icon={<Clipboard />} disabled={cut === null} onSelect={() => onPaste(folder)}>Paste here</MenuItem>
          <MenuItem icon={<Clipboard />} onSelect={() => actions.copyPath(row.path)}>Copy path</MenuItem>
          <MenuItem icon={<ExternalLink />} onSelect={() => actions.reveal(row.path)}>Show in the file manager</MenuItem>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <MenuItem icon={<Pencil />} onSelect={() => onName({ kind: 'rename', path: row.path })}>Rename…</MenuItem>
          <MenuItem icon={<Trash2 />} danger onSelect={() => actions.remove(row.path)}>Delete</MenuItem>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
