import type { McpTool, McpToolDefinition } from '#contract/mcp'
import { DiffView } from '../diff/diff-view'

/** What a tool says of itself, as agents would read it; of one that changed, what is different. */
export function ToolDefinition({ tool: { name, state, seen, allowed } }: { readonly tool: McpTool }) {
  if (state === 'changed' && allowed !== null) return <DiffView path={name} before={textOf(allowed)} after={textOf(seen)} created={false} />
  return <pre tabIndex={0} aria-label={`What ${name} says of itself`} className="max-h-60 overflow-auto rounded-md bg-sunken p-2 font-mono text-xs break-words whitespace-pre-wrap" dir="ltr">{textOf(seen)}</pre>
}

function textOf({ name, title, description, parameters }: McpToolDefinition): string {
  return `${[name, title].filter((part) => part !== null).join(' · ')}\n\n${description}\n\n${JSON.stringify(parameters, null, 2)}\n`
}
