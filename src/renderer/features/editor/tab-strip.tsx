import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { classNames } from '../../lib/class-names'
import { folderOf, nameOf, shownName } from '../../lib/file-path'
import { keyOf, type OpenDocument } from './document'
import type { Tabs } from './tabs'

/** The open files. Arrows go from tab to tab, Delete closes one, as does the middle button. */
export function TabStrip({ workspaceId, tabs, documents, panelId, onPick, onKeep, onClose }: {
  readonly workspaceId: string
  readonly tabs: Tabs
  readonly documents: ReadonlyMap<string, OpenDocument>
  readonly panelId: string
  readonly onPick: (path: string) => void
  readonly onKeep: (path: string) => void
  readonly onClose: (path: string) => void
}) {
  const strip = useRef<HTMLDivElement>(null)
  const { active } = tabs
  useEffect(() => {
    strip.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [active])
  const onKeyDown = (event: KeyboardEvent, path: string): void => {
    const at = tabs.open.indexOf(path)
    const go = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.open.length - 1 }[event.key]
    if (event.key === 'Delete') onClose(path)
    else if (event.key === 'Enter') onKeep(path)
    else if (go !== undefined) {
      const next = tabs.open[(go + tabs.open.length) % tabs.open.length]
      if (next !== undefined) onPick(next)
      requestAnimationFrame(() => strip.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
    } else return
    event.preventDefault()
  }
  const names = tabs.open.map(nameOf)
  return (
    <div ref={strip} role="tablist" aria-label="Open files" className="flex min-w-0 flex-1 overflow-x-auto overflow-y-hidden [scrollbar-width:none]">
      {tabs.open.map((path, index) => {
        const isActive = path === active
        const isDirty = documents.get(keyOf(workspaceId, path))?.isDirty === true
        const isDouble = names.filter((name) => name === names[index]).length > 1
        return (
          <div key={path} role="presentation" className={classNames('group/tab flex h-9 shrink-0 items-center border-e border-line', isActive ? 'bg-surface' : 'bg-canvas text-muted hover:bg-hover')}>
            <button
              type="button"
              role="tab"
              aria-selected={isActive}
              aria-controls={panelId}
              tabIndex={isActive ? 0 : -1}
              title={shownName(path)}
              aria-label={`${shownName(path)}${isDirty ? ', not saved' : ''}`}
              onClick={() => onPick(path)}
              onDoubleClick={() => onKeep(path)}
              onAuxClick={(event) => event.button === 1 && onClose(path)}
              onKeyDown={(event) => onKeyDown(event, path)}
              className={classNames('h-full max-w-52 truncate ps-3 pe-1 -outline-offset-2', path === tabs.preview && 'italic', isActive && 'font-medium text-ink')}
            >
              {shownName(names[index] ?? path)}
              {isDouble && <span className="ps-1.5 text-xs font-normal text-muted not-italic">{shownName(folderOf(path))}</span>}
            </button>
            <button
              type="button"
              tabIndex={-1}
              aria-hidden
              title="Close"
              onClick={() => onClose(path)}
              className="me-1 grid size-6 place-items-center rounded-md hover:bg-sunken"
            >
              {isDirty ? <span className="size-2 rounded-full bg-ink group-hover/tab:hidden" /> : null}
              <X className={classNames('size-3.5', isDirty ? 'hidden group-hover/tab:block' : isActive ? '' : 'opacity-0 group-hover/tab:opacity-100')} />
            </button>
          </div>
        )
      })}
    </div>
  )
}
