import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { McpServer } from '#contract/mcp'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { formatTime } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { draftOfServer, serverOf } from './draft'
import { DraftForm } from './draft-form'
import { SignIn } from './sign-in'
import { ServerLog } from './server-log'
import { ServerTools } from './server-tools'

const states: Readonly<Record<McpServer['state'], string>> = {
  off: 'Off: look at it and agree', idle: 'Starts when it is needed', asks: 'Outside of the sandbox: you start it', starting: 'Starting…', running: 'Running', waiting: 'Stopped, starts again', failed: 'Not running',
}
type Part = 'tools' | 'change' | 'log'

export function ServerCard({ server, workspaces }: { readonly server: McpServer; readonly workspaces: readonly Workspace[] }) {
  const { orpc, toasts } = useServices()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries({ queryKey: orpc.mcp.key() })
  const options = { meta: { shownInPlace: true }, onSettled } as const
  const enable = useMutation(orpc.mcp.enable.mutationOptions(options))
  const disable = useMutation(orpc.mcp.disable.mutationOptions(options))
  const restart = useMutation(orpc.mcp.restart.mutationOptions(options))
  const remove = useMutation(orpc.mcp.remove.mutationOptions({ ...options, onSuccess: () => toasts.info(`${server.name} was removed, with its values.`) }))
  // Until something is chosen, what is to be done next is open; it does not close under the hand that does it.
  const [chosen, setChosen] = useState<Part | null | undefined>(undefined)
  // What was decided on stays in sight.
  const [hadHeld, setHadHeld] = useState(false)
  if (server.tools.held > 0 && !hadHeld) setHadHeld(true)
  const part = chosen === undefined ? (hadHeld ? 'tools' : server.state === 'off' ? 'change' : null) : chosen
  const [isSure, setSure] = useState(false)
  const toggle = (next: Part) => setChosen(part === next ? null : next)
  const { id, name, state, problem, retryAt, tools, transport, missing } = server
  const isBusy = [enable, disable, restart, remove].some(({ isPending }) => isPending)
  const error = enable.error ?? disable.error ?? restart.error ?? remove.error
  const place = workspaces.find((each) => each.id === server.workspaceId)
  return (
    <li aria-label={name} className="flex flex-col gap-3 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-56 flex-1">
          <h4 className="font-medium">{name} <span className={state === 'failed' || state === 'waiting' ? 'font-normal text-danger' : 'font-normal text-muted'}>{states[state]}{retryAt !== null && ` at ${formatTime(retryAt)}`}</span></h4>
          <p className="font-mono text-xs break-all text-muted" dir="ltr">{transport.kind === 'http' ? transport.url : [transport.command, ...transport.args].join(' ')}</p>
          <p className="text-xs text-muted">{[place ? `Only in ${place.name}` : 'In every folder', toolWords(tools), ...(server.confined === true ? ['in the sandbox'] : [])].join(' · ')}</p>
        </div>
        {state === 'off'
          ? <Button small tone="primary" disabled={isBusy} onClick={() => enable.mutate({ id, fingerprint: server.fingerprint })}>{enable.isPending ? 'Starting…' : 'Agree and start'}</Button>
          : <Button small disabled={isBusy} onClick={() => restart.mutate({ id, outside: server.confined === false })}>{restart.isPending ? 'Starting…' : startWords(server)}</Button>}
        {state !== 'off' && <Button small disabled={isBusy} onClick={() => disable.mutate({ id })}>Turn off</Button>}
      </div>
      {server.confined === false && state !== 'off' && <p className="text-warning">It runs outside of the sandbox, with all rights that you have{transport.kind === 'stdio' && transport.sandboxed ? ': there is no sandbox here that works' : ''}. So you start it each time.</p>}
      {problem !== null && <p role="status" className="break-words text-danger">{problem}</p>}
      {missing.length > 0 && <p className="text-warning">No value yet for {missing.join(', ')}.</p>}
      {tools.held > 0 && <p className="text-warning">{tools.held === 1 ? 'One tool waits' : `${tools.held} tools wait`} for you to look at {tools.held === 1 ? 'it' : 'them'}.</p>}
      {server.signIn !== 'none' && <SignIn server={server} />}
      {error !== null && <ErrorNote error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button small tone="quiet" aria-expanded={part === 'tools'} onClick={() => toggle('tools')}>Tools</Button>
        <Button small tone="quiet" aria-expanded={part === 'change'} onClick={() => toggle('change')}>What it is</Button>
        <Button small tone="quiet" aria-expanded={part === 'log'} onClick={() => toggle('log')}>Log</Button>
        <span className="flex-1" />
        <Button small tone={isSure ? 'danger' : 'quiet'} disabled={isBusy} onBlur={() => setSure(false)} onClick={() => (isSure ? remove.mutate({ id }) : setSure(true))}>{isSure ? 'Remove it with its values' : 'Remove'}</Button>
      </div>
      {part === 'tools' && <ServerTools server={server} onDecide={() => setChosen('tools')} />}
      {part === 'change' && <ChangeServer key={server.fingerprint} server={server} workspace={place ?? null} />}
      {part === 'log' && <ServerLog id={id} name={name} />}
    </li>
  )
}

function startWords({ state, confined }: McpServer): string {
  const word = state === 'running' ? 'Restart' : 'Start'
  return confined === false ? `${word} outside of the sandbox` : word
}

function toolWords({ allowed, held, off }: McpServer['tools']): string {
  const parts = [`${allowed} ${allowed === 1 ? 'tool' : 'tools'}`, ...(held > 0 ? [`${held} held`] : []), ...(off > 0 ? [`${off} off`] : [])]
  return parts.join(', ')
}

function ChangeServer({ server, workspace }: { readonly server: McpServer; readonly workspace: Workspace | null }) {
  const { orpc, announcer } = useServices()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(draftOfServer(server))
  const change = useMutation(orpc.mcp.change.mutationOptions({
    meta: { shownInPlace: true },
    onSuccess: ({ state }) => announcer.say(state === 'off' ? 'Saved. It does not run before you agree to it as it is now.' : 'Saved.'),
    onSettled: () => queryClient.invalidateQueries({ queryKey: orpc.mcp.key() }),
  }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const { workspaceId: _place, ...rest } = serverOf(draft, server.workspaceId)
    change.mutate({ ...rest, id: server.id })
  }
  return (
    <form onSubmit={submit} aria-label={`Change ${server.name}`} className="flex flex-col gap-3 rounded-md bg-canvas p-3">
      <DraftForm draft={draft} fixed={false} isNew={false} workspace={workspace} onChange={setDraft} />
      {change.error !== null && <ErrorNote error={change.error} />}
      <div className="flex items-center gap-3">
        <Button type="submit" disabled={change.isPending}>Save</Button>
        <p className="text-xs text-muted">Changed, it stops until you agree to it again. Empty values stay as they are.</p>
      </div>
    </form>
  )
}
