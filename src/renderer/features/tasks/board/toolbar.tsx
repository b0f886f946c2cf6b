import { Columns3, Kanban, ListFilter, Plus, Search, TableProperties, UserRound, Workflow } from 'lucide-react'
import { useState } from 'react'
import { PrioritySchema, type Task, TaskKindSchema, TaskSourceSchema } from '#contract/tasks'
import { Button, IconButton } from '../../../components/button'
import { inputStyle, SelectField } from '../../../components/field'
import { Popover } from '../../../components/popover'
import { classNames } from '../../../lib/class-names'
import { useTitleWithKeys } from '../../../lib/commands/use-bindings'
import { useBoardState, useTaskPlace, useTasksParts } from '../tasks-context'
import { kindWords, priorityWords, stateWords } from '../words'
import { quietColumns } from './columns'
import { facetsOf, filterCount, lanesSchema } from './filter'
import { SavedViews } from './saved-views'

/** Where there is little room, only the icon is seen. */
const label = 'sr-only @3xl:not-sr-only'
const makerWords = { person: 'A person', agent: 'An agent', schedule: 'A schedule', script: 'A script' } as const
const any = { value: '', label: 'Any' } as const

/** Search, filters, lanes and looks of the tasks. */
export function Toolbar({ all, shown }: { readonly all: readonly Task[]; readonly shown: number }) {
  const { board } = useTasksParts()
  const { onNew, onOpenWorkflows } = useTaskPlace()
  const titled = useTitleWithKeys()
  const filter = useBoardState((state) => state.filter)
  const look = useBoardState((state) => state.look)
  const { setFilter, setLook } = board.getState()
  const isFiltered = filter.text !== '' || filter.mine || filterCount(filter) > 0
  return (
    <div role="toolbar" aria-label="Tasks" className="flex shrink-0 flex-wrap items-center gap-2 px-3 py-2">
      <div className="relative min-w-32 flex-1">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2 size-4 text-muted" />
        <input
          type="search"
          data-search="tasks"
          aria-label="Search tasks"
          title={titled('Search tasks', 'board.search')}
          placeholder="Search titles and texts"
          maxLength={200}
          value={filter.text}
          onChange={(event) => setFilter({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.preventDefault()
            setFilter({ text: '' })
            board.getState().want(board.getState().focusId)
          }}
          className={classNames(inputStyle, 'max-w-80 pl-8')}
        />
      </div>
      <p role="status" className="text-xs text-muted">{isFiltered ? `${shown.toLocaleString('en')} of ${all.length.toLocaleString('en')} tasks` : ''}</p>
      <Filters all={all} />
      <Button small aria-pressed={filter.mine} title={titled('Only what I asked for', 'board.mine')} onClick={() => setFilter({ mine: !filter.mine })} className={classNames(filter.mine && 'border-accent bg-accent-soft')}>
        <UserRound aria-hidden className="size-3.5" /><span className={label}>Asked by me</span>
      </Button>
      <SavedViews />
      <Columns />
      <Button small title={titled('Workflows', 'workflows.open')} onClick={onOpenWorkflows}><Workflow aria-hidden className="size-3.5" /><span className={label}>Workflows</span></Button>
      <div role="group" aria-label="Look" className="flex">
        <IconButton label="Board" title={titled('Board', 'board.look')} icon={<Kanban />} pressed={look === 'board'} className={classNames(look === 'board' && 'bg-hover text-ink')} onClick={() => setLook('board')} />
        <IconButton label="List" title={titled('List', 'board.look')} icon={<TableProperties />} pressed={look === 'list'} className={classNames(look === 'list' && 'bg-hover text-ink')} onClick={() => setLook('list')} />
      </div>
      <Button small tone="primary" title={titled('New task', 'task.new')} onClick={onNew}><Plus aria-hidden className="size-3.5" />New task</Button>
    </div>
  )
}

function Filters({ all }: { readonly all: readonly Task[] }) {
  const [open, setOpen] = useState(false)
  const { board } = useTasksParts()
  const { workspaceName } = useTaskPlace()
  const filter = useBoardState((state) => state.filter)
  const count = filterCount(filter)
  const { setFilter, clearFilter } = board.getState()
  const facets = open ? facetsOf(all) : null
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Filters"
      align="end"
      className="w-72 max-w-[calc(100vw-1rem)] p-3"
      trigger={<Button small className={classNames(count > 0 && 'border-accent bg-accent-soft')}><ListFilter aria-hidden className="size-3.5" /><span className={label}>{count === 0 ? 'Filter' : `Filter (${count})`}</span></Button>}
    >
      {facets !== null && (
        <div className="flex flex-col gap-2.5">
          <SelectField
            label="Folder"
            value={filter.workspace}
            choices={[any, ...facets.workspaces.map((id) => ({ value: id ?? 'none', label: workspaceName(id) }))]}
            onChange={(workspace) => setFilter({ workspace })}
          />
          <SelectField label="Agent" value={filter.template} choices={[any, ...facets.templates.map((value) => ({ value, label: value }))]} onChange={(template) => setFilter({ template })} />
          <SelectField label="Priority" value={filter.priority} choices={[any, ...PrioritySchema.options.map((value) => ({ value, label: priorityWords[value] }))]} onChange={(priority) => setFilter({ priority })} />
          <SelectField label="When" value={filter.kind} choices={[any, ...TaskKindSchema.options.map((value) => ({ value, label: kindWords[value] }))]} onChange={(kind) => setFilter({ kind })} />
          <SelectField label="Made by" value={filter.source} choices={[any, ...TaskSourceSchema.shape.by.options.map((value) => ({ value, label: makerWords[value] }))]} onChange={(source) => setFilter({ source })} />
          <SelectField label="Tag" value={filter.tag} choices={[any, ...facets.tags.map((value) => ({ value, label: value }))]} onChange={(tag) => setFilter({ tag })} />
          <Button disabled={count === 0 && !filter.mine && filter.text === ''} onClick={() => clearFilter()}>Show everything</Button>
        </div>
      )}
    </Popover>
  )
}

const laneWords = { none: 'No lanes', workspace: 'By folder', template: 'By agent' } as const

function Columns() {
  const [open, setOpen] = useState(false)
  const { board } = useTasksParts()
  const lanes = useBoardState((state) => state.lanes)
  const asked = useBoardState((state) => state.asked)
  const { setLanes, toggleColumn } = board.getState()
  return (
    <Popover open={open} onOpenChange={setOpen} label="Layout" align="end" className="w-64 p-3" trigger={<Button small><Columns3 aria-hidden className="size-3.5" /><span className={label}>Layout</span></Button>}>
      <div className="flex flex-col gap-3">
        <SelectField label="Lanes" value={lanes} choices={lanesSchema.options.map((value) => ({ value, label: laneWords[value] }))} onChange={setLanes} />
        <fieldset>
          <legend className="mb-1 text-sm font-medium">Columns also shown empty</legend>
          {quietColumns.map((state) => (
            <label key={state} className="flex items-center gap-2 py-0.5">
              <input type="checkbox" checked={asked.includes(state)} onChange={() => toggleColumn(state)} className="size-4 accent-(--accent)" />
              {stateWords[state]}
            </label>
          ))}
        </fieldset>
      </div>
    </Popover>
  )
}
