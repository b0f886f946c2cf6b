import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { FoundFiles } from '#contract/files'
import type { Workspace } from '#contract/workspaces'
import { Modal } from '../../components/modal'
import { classNames } from '../../lib/class-names'
import { folderOf, nameOf, shownName } from '../../lib/file-path'
import { useServices } from '../../lib/services'
import { parseWanted } from './wanted-file'
import type { Tabs } from './tabs'
import type { OpenOptions } from './workbench-files'

const mostShown = 50

/** Finds a file by parts of its path; `name:12` goes to a line, `:12` in the file that is open. */
export function QuickOpen({ workspace, tabs, initial, onOpen, onClose }: {
  readonly workspace: Workspace
  readonly tabs: Tabs
  readonly initial: string
  readonly onOpen: (path: string, options: OpenOptions) => void
  readonly onClose: () => void
}) {
  const { orpc } = useServices()
  const id = useId()
  const [typed, setTyped] = useState(initial)
  const [active, setActive] = useState(0)
  const { query, at } = parseWanted(typed)
  const isLineOnly = query === '' && at !== null && tabs.active !== null
  const found = useQuery({
    ...orpc.files.find.queryOptions({ input: { id: workspace.id, query, mode: 'fuzzy', limit: mostShown } }),
    enabled: query !== '', placeholderData: keepPreviousData, staleTime: 0, gcTime: 10_000,
    refetchInterval: ({ state }) => (state.data?.listed === false ? 300 : false),
  })
  const recent = tabs.open.toReversed().map((path) => ({ path, positions: [] }))
  const items = isLineOnly ? [] : query === '' ? recent : (found.data?.items ?? [])
  const index = Math.min(active, items.length - 1)
  const pick = (path: string | null | undefined): void => {
    if (path === null || path === undefined) return
    onClose()
    // The dialog gives the focus back before the editor takes it.
    setTimeout(() => onOpen(path, { keep: true, at: at ?? { line: 1 } }))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (event.key === 'Enter') pick(isLineOnly ? tabs.active : items[index]?.path)
    else if (page !== undefined && items.length > 0) setActive(Math.abs(page) === 1 ? (index + page + items.length) % items.length : Math.max(0, Math.min(items.length - 1, index + page)))
    else return
    event.preventDefault()
  }
  return (
    <Modal label="Go to file" onClose={onClose} onBeside={onClose} className="mx-auto mt-[10vh] mb-auto max-h-[72vh] w-[calc(100vw-2rem)] max-w-xl rounded-lg border border-line bg-raised p-0 shadow-float">
      <div className="flex max-h-[72vh] flex-col">
        <input
          autoFocus
          role="combobox"
          aria-label="Go to file"
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(items[index] === undefined ? {} : { 'aria-activedescendant': `${id}-${index}` })}
          value={typed}
          spellCheck={false}
          autoComplete="off"
          placeholder="A part of a name or path; :12 for a line"
          onChange={(event) => {
            setTyped(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          className="h-11 w-full shrink-0 border-b border-line bg-transparent px-4 text-base -outline-offset-2"
        />
        <FoundList id={id} items={items} index={index} onPick={pick} />
        <p role="status" className={classNames('shrink-0 px-4 text-xs text-muted', items.length === 0 ? 'pb-4 text-center' : 'border-t border-line py-1.5')}>
          {isLineOnly ? `Press Enter to go to line ${at.line} of ${shownName(nameOf(tabs.active ?? ''))}.` : summaryOf(query, items.length, found.data)}
        </p>
      </div>
    </Modal>
  )
}

function summaryOf(query: string, open: number, found: FoundFiles | undefined): string {
  if (query === '') return open === 0 ? 'Type a part of a name.' : 'Open files'
  if (found === undefined) return 'Looking…'
  if (found.matching === 0) return found.listed ? 'No file has that in its path.' : 'The folder is still being listed…'
  return `${found.matching.toLocaleString('en')} of ${found.total.toLocaleString('en')} files`
}

function FoundList({ id, items, index, onPick }: {
  readonly id: string
  readonly items: FoundFiles['items']
  readonly index: number
  readonly onPick: (path: string) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [index, items])
  return (
    <ul ref={list} id={`${id}-list`} role="listbox" aria-label="Files" className="min-h-0 flex-1 overflow-y-auto p-1.5">
      {items.map(({ path, positions }, place) => (
        <li
          key={path}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === index}
          title={shownName(path)}
          onClick={() => onPick(path)}
          className={classNames('flex min-h-8 items-baseline gap-2 rounded-md px-2 py-1', place === index && 'bg-hover')}
        >
          <Part text={nameOf(path)} from={path.length - nameOf(path).length} positions={positions} className="shrink-0" />
          <Part text={folderOf(path)} from={0} positions={positions} className="min-w-0 truncate text-xs text-muted" />
        </li>
      ))}
    </ul>
  )
}

function Part({ text, from, positions, className }: { readonly text: string; readonly from: number; readonly positions: readonly number[]; readonly className: string }) {
  const matched = new Set(positions.map((at) => at - from))
  return (
    <span className={className}>
      {positions.length === 0 ? shownName(text) : Array.from({ length: text.length }, (_item, at) => (matched.has(at) ? <mark key={at} className="bg-transparent font-semibold text-accent">{shownName(text[at] ?? '')}</mark> : shownName(text[at] ?? '')))}
    </span>
  )
}
