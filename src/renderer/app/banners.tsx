import { useMutation, useQuery } from '@tanstack/react-query'
import { CirclePause, CloudOff, Info, OctagonX, TriangleAlert, X } from 'lucide-react'
import type { Notice } from '#contract/system'
import type { Work } from '#contract/work'
import { Button, IconButton } from '../components/button'
import { classNames } from '../lib/class-names'
import { useServices, useStore } from '../lib/services'

const noticeStyles: Readonly<Record<Notice['level'], string>> = {
  info: 'bg-accent-soft',
  warning: 'bg-warning-soft text-warning',
  error: 'bg-danger-soft text-danger',
}

/** Across the window: that the server is away, and what a person should know about this start. */
export function Banners() {
  const { connection, orpc, queries } = useServices()
  const state = useStore(connection.state)
  const system = useQuery(queries.system())
  const work = useQuery(queries.work())
  const problem = useQuery(queries.settingsFile()).data?.problem ?? null
  const resume = useMutation(orpc.work.resume.mutationOptions())
  const lift = useMutation(orpc.work.lift.mutationOptions())
  const dismiss = useMutation(orpc.system.dismissNotice.mutationOptions({ onSuccess: () => void system.refetch() }))
  return (
    <div>
      {state === 'offline' && (
        <div role="status" className="flex items-center gap-2 border-b border-line bg-warning-soft px-3 py-1 text-warning">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          <p className="flex-1">Trestle cannot be reached. What is shown may be old; it connects again by itself.</p>
          <Button small onClick={() => connection.retryNow()}>Connect now</Button>
        </div>
      )}
      {work.data !== undefined && work.data.lockedAt !== null && (
        <div role="status" className="flex items-center gap-2 border-b border-line bg-danger-soft px-3 py-1 text-danger">
          <OctagonX aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-1">Locked down: all agents and their commands were stopped, and nothing new starts until you lift it.</p>
          <Button small disabled={lift.isPending} onClick={() => lift.mutate({})}>Lift the lock-down</Button>
        </div>
      )}
      {work.data !== undefined && work.data.pausedAt !== null && work.data.lockedAt === null && (
        <div role="status" className="flex items-center gap-2 border-b border-line bg-warning-soft px-3 py-1 text-warning">
          <CirclePause aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-1">{pausedText(work.data)}</p>
          <Button small disabled={resume.isPending} onClick={() => resume.mutate({})}>Go on</Button>
        </div>
      )}
      {problem !== null && (
        <div role="status" className="flex items-center gap-2 border-b border-line bg-danger-soft px-3 py-1 text-danger">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-1 break-words">settings.json, line {problem.line}: {problem.message} The last good version counts until this is put right.</p>
        </div>
      )}
      {system.data?.notices.map((notice) => (
        <div key={notice.id} role="status" className={classNames('flex items-center gap-2 border-b border-line px-3 py-1', noticeStyles[notice.level])}>
          {notice.level === 'info' ? <Info aria-hidden className="size-4 shrink-0" /> : <TriangleAlert aria-hidden className="size-4 shrink-0" />}
          <p className="min-w-0 flex-1 break-words">{notice.text}</p>
          <IconButton label="Dismiss this notice" icon={<X />} onClick={() => dismiss.mutate({ id: notice.id })} />
        </div>
      ))}
    </div>
  )
}

function pausedText({ held, queued, ready }: Work): string {
  const steps = Math.max(held, queued)
  const waiting = [...(steps === 0 ? [] : [`${steps} ${steps === 1 ? 'step' : 'steps'}`]), ...(ready === 0 ? [] : [`${ready} ${ready === 1 ? 'task' : 'tasks'}`])]
  if (waiting.length === 0) return 'All agents are paused. Nothing waits to start.'
  return `All agents are paused. ${waiting.join(' and ')} ${steps + ready === 1 ? 'waits' : 'wait'} to start.`
}
