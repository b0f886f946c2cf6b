import { useMutation, useQuery } from '@tanstack/react-query'
import { ChartColumn, Folder, Lock, LockOpen, Wifi, WifiOff } from 'lucide-react'
import type { Model } from '#contract/models'
import type { Session } from '#contract/sessions'
import type { Settings } from '#contract/settings'
import type { Workspace } from '#contract/workspaces'
import { Picker } from '../components/picker'
import type { PickerItem } from '../components/picker-list'
import { formatCost, formatTokens } from '../lib/format'
import { useServices, useStore } from '../lib/services'
import { modes } from './modes'
import { useUiStore } from './ui-context'
import { useModelState, useSelection } from './use-window-state'

export function StatusBar() {
  const { sessionId, session, workspace } = useSelection()
  const shown = session.data ?? null
  const ui = useUiStore()
  return (
    <footer data-pane aria-label="Status" className="flex h-8 shrink-0 items-center gap-1 overflow-x-auto overflow-y-hidden border-t border-line bg-canvas px-2 text-xs whitespace-nowrap">
      <WorkspaceState workspace={workspace} />
      <span className="flex-1" />
      <Choices session={shown} />
      {sessionId !== null && shown !== null && <ContextMeter sessionId={sessionId} />}
      <button
        type="button"
        title={shown === null ? 'Tokens and cost' : `${shown.usage.totalTokens.toLocaleString('en')} tokens in this session. Open tokens and cost`}
        aria-haspopup="dialog"
        onClick={() => ui.getState().setDialog({ kind: 'usage' })}
        className="flex h-6 items-center gap-1 rounded-md px-1.5 text-muted hover:bg-hover"
      >
        <ChartColumn aria-hidden className="size-3.5" />
        {shown === null || shown.usage.totalTokens === 0 ? 'Usage' : `${shown.usage.estimated && shown.costUsd !== null ? '≈ ' : ''}${formatCost(shown.costUsd)}`}
      </button>
      <ConnectionState />
    </footer>
  )
}

function WorkspaceState({ workspace }: { readonly workspace: Workspace | null }) {
  const ui = useUiStore()
  if (workspace === null) return <span className="flex items-center gap-1.5 px-1 text-muted"><Folder aria-hidden className="size-3.5" />No folder</span>
  return (
    <>
      <span title={workspace.path} className="flex min-w-0 items-center gap-1.5 px-1"><Folder aria-hidden className="size-3.5 shrink-0 text-muted" /><span className="max-w-48 truncate">{workspace.name}</span></span>
      <button
        type="button"
        onClick={() => ui.getState().setDialog({ kind: 'trust', workspaceId: workspace.id })}
        className="flex h-6 items-center gap-1 rounded-md px-1.5 text-muted hover:bg-hover"
      >
        {workspace.trusted ? <LockOpen aria-hidden className="size-3.5" /> : <Lock aria-hidden className="size-3.5 text-warning" />}
        {workspace.trusted ? 'Trusted' : <span className="text-warning">Read-only</span>}
      </button>
    </>
  )
}

/** Of the session that is shown; without one, what new sessions start with. */
function Choices({ session }: { readonly session: Session | null }) {
  const { orpc, cache } = useServices()
  const { settings, usable, models, modelId, model } = useModelState(session)
  const patch = useMutation(orpc.sessions.patch.mutationOptions({ onSuccess: (next) => cache.session(next) }))
  const put = useMutation(orpc.settings.put.mutationOptions({ onSuccess: (next) => cache.settings(next) }))
  const pickModel = (id: string): void => (session === null ? put.mutate({ defaultModel: id }) : patch.mutate({ id: session.id, model: id }))
  const pickMode = (value: string): void => {
    const mode = modes.find((item) => item.value === value)?.value
    if (mode === undefined) return
    if (session === null) put.mutate({ defaultMode: mode })
    else patch.mutate({ id: session.id, mode })
  }
  const mode = session?.mode ?? settings?.defaultMode ?? 'ask'
  return (
    <>
      <Picker
        label="Model"
        value={modelId}
        shown={model?.name ?? modelId ?? 'Choose a model'}
        items={modelItems(usable, models, settings)}
        onPick={pickModel}
        emptyText="No model can be used yet. Add a key in the settings."
      />
      <Picker label="Mode" value={mode} shown={modes.find((item) => item.value === mode)?.label ?? mode} items={modes} onPick={pickMode} />
    </>
  )
}

function modelItems(usable: readonly Model[], all: readonly Model[], settings: Settings | null): readonly PickerItem[] {
  const locked = all.filter((model) => !usable.includes(model) && model.provider !== 'demo').slice(0, 30)
  return [
    ...usable.map((model) => ({
      value: model.id,
      label: model.name,
      group: model.provider,
      ...(settings?.defaultModel === model.id ? { note: 'Default' } : {}),
    })),
    ...locked.map((model) => ({ value: model.id, label: model.name, group: 'Needs a key', note: model.provider, disabled: true })),
  ]
}

function ContextMeter({ sessionId }: { readonly sessionId: string }) {
  const { queries } = useServices()
  const context = useQuery(queries.context(sessionId))
  if (context.data === undefined) return null
  const { totalTokens, contextWindow } = context.data
  const share = contextWindow === null ? null : Math.min(1, totalTokens / contextWindow)
  const text = contextWindow === null ? `${formatTokens(totalTokens)} tokens` : `${formatTokens(totalTokens)} of ${formatTokens(contextWindow)}`
  return (
    <span className="flex items-center gap-1.5 px-1.5 text-muted" title={`Context: ${text} tokens`}>
      {share !== null && (
        <svg role="img" aria-label={`Context ${Math.round(share * 100)} % full`} viewBox="0 0 100 10" className="h-1.5 w-14 rounded-xs bg-line" preserveAspectRatio="none">
          <rect width={share * 100} height="10" className={share > 0.85 ? 'fill-warning' : 'fill-accent'} />
        </svg>
      )}
      {text}
    </span>
  )
}

function ConnectionState() {
  const { connection } = useServices()
  const isOpen = useStore(connection.state) === 'open'
  return (
    <span className="flex items-center gap-1 px-1 text-muted">
      {isOpen ? <Wifi aria-hidden className="size-3.5" /> : <WifiOff aria-hidden className="size-3.5 text-warning" />}
      {isOpen ? 'Connected' : 'Offline'}
    </span>
  )
}
