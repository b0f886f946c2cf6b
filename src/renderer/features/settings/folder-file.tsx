import { useQuery } from '@tanstack/react-query'
import type { FolderSettings, FolderSettingsState } from '#contract/folder-settings'
import { ErrorNote, Skeleton } from '../../components/feedback'
import { useServices } from '../../lib/services'

const modes = { plan: 'Plan: reading only', ask: 'Ask: everything but reading asks', 'auto-edit': 'Auto-edit', 'sandboxed-auto': 'Sandboxed auto' } as const

/** What `.trestle/settings.json` of the folder sets for everyone who works in it. */
export function FolderFile({ workspaceId }: { readonly workspaceId: string }) {
  const { orpc } = useServices()
  const file = useQuery(orpc.workspaces.settings.queryOptions({ input: { id: workspaceId }, staleTime: 0 }))
  return (
    <section className="flex flex-col gap-2">
      <div>
        <h3 className="font-semibold">Settings of the folder</h3>
        <p className="text-xs text-muted">From .trestle/settings.json, for everyone who works in it. They only narrow what agents may do, from the next turn on.</p>
      </div>
      {file.isPending && <Skeleton rows={1} label="Loading the settings of the folder" />}
      {file.error !== null && <ErrorNote error={file.error} onRetry={() => void file.refetch()} />}
      {file.data !== undefined && <State {...file.data} />}
    </section>
  )
}

function State({ state, problem, settings, ignored }: FolderSettingsState) {
  if (state === 'none') return <p className="text-muted">It has none.</p>
  if (state === 'unread') return <p className="text-muted">Not read, since the folder is not trusted.</p>
  if (settings === null) return <ErrorNote error={`Line ${problem?.line ?? 1}: ${problem?.message ?? 'it cannot be read.'} No agent works here until this is put right.`} />
  const words = wordsOf(settings)
  return (
    <>
      {words.length === 0 ? <p className="text-muted">It narrows nothing.</p> : <ul className="list-disc ps-5">{words.map((word) => <li key={word} className="break-words">{word}</li>)}</ul>}
      {ignored.length > 0 && <p className="text-xs break-words text-warning">Not looked at, since a folder may not set it: {ignored.join(', ')}</p>}
    </>
  )
}

function wordsOf({ mode, limits, policies }: FolderSettings): string[] {
  const { maxSteps, maxMinutes, maxTokens, maxCostUsd } = limits
  return [
    ...(mode === null ? [] : [`At most the mode ${modes[mode]}`]),
    ...(maxSteps === null ? [] : [`At most ${maxSteps} steps of a turn`]), ...(maxMinutes === null ? [] : [`At most ${maxMinutes} minutes of a turn`]),
    ...(maxTokens === null ? [] : [`At most ${maxTokens} tokens of a turn`]), ...(maxCostUsd === null ? [] : [`At most ${maxCostUsd} US dollars of a turn`]),
    ...policies.map(({ name, action }) => `Policy “${name}”: ${{ warn: 'says so', ask: 'waits for you', stop: 'stops the run' }[action]}`),
  ]
}
