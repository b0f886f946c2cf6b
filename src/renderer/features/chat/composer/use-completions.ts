import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLater } from '../../../lib/hooks'
import { useServices } from '../../../lib/services'
import { argumentCompletions, commandCompletions, type Completion, fileCompletions, resourceCompletions, type Wanted, wantedAt } from './completion'
import type { SlashCommand } from './slash-command'

const maxFiles = 30
const noCompletions: readonly Completion[] = []

/** What can be completed at the caret. Closed by Escape until something else is typed. */
export function useCompletions({ text, caret, commands, workspaceId }: {
  readonly text: string
  readonly caret: number | null
  readonly commands: readonly SlashCommand[]
  readonly workspaceId: string | null
}) {
  const wanted = caret === null ? null : wantedAt(text, caret)
  const [closedFor, setClosedFor] = useState<string | null>(null)
  const [picked, setPicked] = useState({ text: '', index: 0 })
  const files = useFiles(wanted, workspaceId)
  const items = wanted === null || closedFor === text ? noCompletions : itemsOf(wanted, commands, files)
  const index = picked.text === text ? Math.min(picked.index, items.length - 1) : 0
  return {
    wanted,
    items,
    index: Math.max(0, index),
    close: () => setClosedFor(text),
    move: (step: 1 | -1) => setPicked({ text, index: (index + step + items.length) % items.length }),
  }
}

function itemsOf(wanted: Wanted, commands: readonly SlashCommand[], files: readonly Completion[]): readonly Completion[] {
  switch (wanted.kind) {
    case 'command': return commandCompletions(commands, wanted.query)
    case 'argument': return argumentCompletions(commands.find(({ name }) => name === wanted.command), wanted.query)
    case 'file': return files
  }
}

/** Files by parts of their paths, and the folders where the typed path leads to. */
function useFiles(wanted: Wanted | null, workspaceId: string | null): readonly Completion[] {
  const { orpc } = useServices()
  const query = useLater(wanted?.kind === 'file' ? wanted.query : null, 80)
  const enabled = query !== null && workspaceId !== null && wanted?.kind === 'file'
  const folder = query?.includes('/') === true ? query.slice(0, query.lastIndexOf('/')) : ''
  const found = useQuery({
    ...orpc.files.find.queryOptions({ input: { id: workspaceId ?? '', query: query ?? '', limit: maxFiles } }), enabled, staleTime: 0, placeholderData: keepPreviousData,
    // The folder is listed when it is first asked about.
    refetchInterval: (state) => (state.state.data?.listed === false ? 300 : false),
  })
  const listed = useQuery({ ...orpc.files.list.queryOptions({ input: { id: workspaceId ?? '', path: folder } }), enabled, staleTime: 5_000, retry: false })
  const offers = useQuery({ ...orpc.mcp.offers.queryOptions({ input: { workspaceId: workspaceId ?? '' } }), enabled, staleTime: 30_000 })
  if (!enabled) return noCompletions
  const name = query.slice(query.lastIndexOf('/') + 1).toLowerCase()
  const folders = (listed.data?.entries ?? [])
    .filter((entry) => entry.kind === 'folder' && !entry.ignored && entry.name.toLowerCase().includes(name))
    .slice(0, 8).map((entry) => (folder === '' ? entry.name : `${folder}/${entry.name}`))
  return [
    ...fileCompletions((found.data?.items ?? []).map(({ path }) => path), query === '' ? folders.slice(0, 4) : folders),
    ...resourceCompletions(offers.data?.resources ?? [], query),
  ]
}
