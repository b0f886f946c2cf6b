import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Mode } from '#contract/common'
import type { ExplainInput } from '#contract/permissions'
import type { Workspace } from '#contract/workspaces'
import { ErrorNote } from '../../../components/feedback'
import { SelectField, TextField } from '../../../components/field'
import { useServices } from '../../../lib/services'

const tools = [
  { value: 'run_command', label: 'Run a command' }, { value: 'write_file', label: 'Write a file' }, { value: 'delete_file', label: 'Delete a file' },
  { value: 'read_file', label: 'Read a file' }, { value: 'fetch_url', label: 'Read a page of the web' },
] as const
type ToolName = (typeof tools)[number]['value']
const modes: readonly { readonly value: Mode; readonly label: string }[] = [
  { value: 'ask', label: 'Ask' }, { value: 'auto-edit', label: 'Auto-edit' }, { value: 'sandboxed-auto', label: 'Sandboxed auto' }, { value: 'plan', label: 'Plan' },
]
const words = { allow: 'It would run without asking.', ask: 'You would be asked.', deny: 'It would be refused.' } as const
const labels: Readonly<Record<ToolName, string>> = { run_command: 'Command', write_file: 'Path', delete_file: 'Path', read_file: 'Path', fetch_url: 'Host' }

/** Answers as one types; nothing runs. */
export function WhatIf({ workspace }: { readonly workspace: Workspace | null }) {
  const { orpc } = useServices()
  const [tool, setTool] = useState<ToolName>('run_command')
  const [mode, setMode] = useState<Mode>('ask')
  const [text, setText] = useState('npm test')
  const input = inputOf(tool, mode, useDeferredValue(text.trim()), workspace)
  const explained = useQuery(orpc.permissions.explain.queryOptions({ input, staleTime: 0, placeholderData: keepPreviousData }))
  return (
    <section aria-label="What would happen if…" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <h4 className="font-semibold">What would happen if…</h4>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <SelectField label="An agent wants to" value={tool} choices={tools} onChange={setTool} />
        <TextField label={labels[tool]} value={text} maxLength={2000} onChange={(event) => setText(event.target.value)} />
        <SelectField label="In mode" value={mode} choices={modes} onChange={setMode} />
      </div>
      {explained.error !== null && <ErrorNote error={explained.error} onRetry={() => void explained.refetch()} />}
      <div role="status" className="min-h-10">
        {explained.data !== undefined && (
          <>
            <p className="font-medium">{words[explained.data.effect]}</p>
            <p className="text-xs break-words text-muted">{explained.data.reason}</p>
          </>
        )}
      </div>
    </section>
  )
}

function inputOf(tool: ToolName, mode: Mode, text: string, workspace: Workspace | null): ExplainInput {
  const isCommand = tool === 'run_command'
  const isHost = tool === 'fetch_url'
  return {
    tool, mode, agent: 'general', paths: isCommand || isHost || text === '' ? [] : [text], hosts: isHost && text !== '' ? [text.toLowerCase()] : [],
    arguments: isCommand ? { command: text } : {}, ...(workspace && { workspaceId: workspace.id }),
  }
}
