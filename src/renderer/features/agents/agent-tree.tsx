import { useQuery } from '@tanstack/react-query'
import { Bot, ChevronDown, ChevronRight, CircleAlert, CircleCheck, CircleDashed, CircleStop, ListTodo, LoaderCircle } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { AgentNode } from '#contract/agents'
import type { HumanRequest } from '#contract/human-requests'
import { ErrorNote } from '../../components/feedback'
import { classNames } from '../../lib/class-names'
import { useNow } from '../../lib/hooks'
import { useServices } from '../../lib/services'
import { AgentPanel } from './agent-panel'
import { describeState, describeUse, isAtWork } from './agent-words'
import { agentRows, type AgentRow, treeKey } from './tree-order'

export interface AgentTreeProps {
  readonly runId: string
  readonly onOpenSession: (sessionId: string) => void
  readonly onOpenTask: (taskId: string) => void
  readonly renderRequest: (request: HumanRequest) => ReactNode
}

const none: readonly AgentNode[] = []

/** A run and the agents below it, as they work. Nothing while it works alone. */
export function AgentTree({ runId, onOpenSession, onOpenTask, renderRequest }: AgentTreeProps) {
  const { queries } = useServices()
  const tree = useQuery(queries.agentTree(runId))
  const open = useQuery(queries.openRequests()).data?.items
  const nodes = tree.data?.items ?? none
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [picked, setPicked] = useState(runId)
  const rows = useMemo(() => agentRows(nodes, closed), [nodes, closed])
  const now = useNow(1_000, nodes.some(isAtWork))
  if (tree.error !== null && tree.data === undefined) return <ErrorNote error={tree.error} onRetry={() => void tree.refetch()} />
  if (nodes.length < 2) return null
  const active = rows.find(({ node }) => node.id === picked) ?? rows[0]
  const inner = new Set(nodes.slice(1).map((node) => node.runId))
  const requests = open?.filter((request) => inner.has(request.runId)) ?? []
  const working = nodes.slice(1).filter(isAtWork).length
  return (
    <section aria-label="Agents" className="flex flex-col gap-2">
      <h3 className="text-xs font-semibold text-muted">{`Agents: ${working === 0 ? 'all have ended' : `${working} of ${nodes.length - 1} at work`}`}</h3>
      <Rows
        rows={rows}
        active={active?.node.id ?? runId}
        now={now}
        onPick={setPicked}
        onOpen={(node) => (node.sessionId === null ? node.taskId !== null && onOpenTask(node.taskId) : onOpenSession(node.sessionId))}
        onFold={(id, isOpen) => setClosed((before) => new Set(isOpen ? [...before].filter((other) => other !== id) : [...before, id]))}
      />
      {active !== undefined && <AgentPanel key={active.node.id} node={active.node} now={now} onOpenSession={onOpenSession} onOpenTask={onOpenTask} />}
      {requests.map((request) => <div key={request.id}>{renderRequest(request)}</div>)}
    </section>
  )
}

interface RowsProps {
  readonly rows: readonly AgentRow[]
  readonly active: string
  readonly now: number
  readonly onPick: (id: string) => void
  readonly onOpen: (node: AgentNode) => void
  readonly onFold: (id: string, open: boolean) => void
}

function Rows({ rows, active, now, onPick, onOpen, onFold }: RowsProps) {
  const list = useRef<HTMLDivElement>(null)
  const wants = useRef(false)
  useLayoutEffect(() => {
    if (!wants.current) return
    wants.current = false
    list.current?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus()
  }, [active])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const row = rows.find(({ node }) => node.id === active)
    if (event.key === 'Enter' && row) {
      event.preventDefault()
      onOpen(row.node)
      return
    }
    const move = treeKey(rows, active, event.key)
    if (move === null) return
    event.preventDefault()
    if (move.kind === 'fold') onFold(move.id, move.open)
    else {
      wants.current = true
      onPick(move.id)
    }
  }
  return (
    <div ref={list} role="tree" aria-label="Agents of this turn" onKeyDown={onKeyDown} className="flex max-h-72 flex-col overflow-y-auto rounded-md border border-line bg-surface py-1">
      {rows.map((row) => <Row key={row.node.id} row={row} isActive={row.node.id === active} now={now} onPick={() => onPick(row.node.id)} onFold={() => onFold(row.node.id, !row.isOpen)} />)}
    </div>
  )
}

function Row({ row, isActive, now, onPick, onFold }: { readonly row: AgentRow; readonly isActive: boolean; readonly now: number; readonly onPick: () => void; readonly onFold: () => void }) {
  const { node, level, hasChildren, isOpen } = row
  const Fold = isOpen ? ChevronDown : ChevronRight
  return (
    <div
      role="treeitem"
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={isActive}
      aria-expanded={hasChildren ? isOpen : undefined}
      tabIndex={isActive ? 0 : -1}
      onClick={onPick}
      className={classNames('flex cursor-default items-start gap-1.5 py-1 pe-2 -outline-offset-2', isActive ? 'bg-accent-soft' : 'hover:bg-hover')}
      style={{ paddingInlineStart: `${(level - 1) * 0.9 + 0.4}rem` }}
    >
      <span aria-hidden className="flex size-5 shrink-0 items-center justify-center" onClick={hasChildren ? onFold : undefined}>{hasChildren && <Fold className="size-4 text-muted" />}</span>
      <StateIcon node={node} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate">{level === 1 ? 'This turn' : node.title}</span>
        <span className="truncate text-xs text-muted">{[...(level === 1 ? [] : [node.level === 'task' ? `task, ${node.template}` : node.template]), describeState(node), describeUse(node, now)].filter((part) => part !== '').join(' · ')}</span>
      </span>
    </div>
  )
}

function StateIcon({ node }: { readonly node: AgentNode }) {
  const style = 'mt-0.5 size-4 shrink-0'
  if (node.openRequests > 0 || node.state === 'waiting') return <CircleAlert aria-hidden className={classNames(style, 'text-warning')} />
  switch (node.state) {
    case 'running': return <LoaderCircle aria-hidden className={classNames(style, 'animate-spin text-accent motion-reduce:animate-none')} />
    case 'completed': return <CircleCheck aria-hidden className={classNames(style, 'text-success')} />
    case 'failed': return <CircleAlert aria-hidden className={classNames(style, 'text-danger')} />
    case 'cancelled': return <CircleStop aria-hidden className={classNames(style, 'text-muted')} />
    case 'queued': return node.level === 'task' ? <ListTodo aria-hidden className={classNames(style, 'text-muted')} /> : <CircleDashed aria-hidden className={classNames(style, 'text-muted')} />
    default: return <Bot aria-hidden className={classNames(style, 'text-muted')} />
  }
}
