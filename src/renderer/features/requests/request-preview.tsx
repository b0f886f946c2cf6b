import type { HumanRequest } from '#contract/human-requests'
import { RulesDiff } from '../../components/rules-diff'
import { ConfinementNote } from '../../components/output/confinement-note'
import { DiffView } from '../../components/diff/diff-view'

/** Exactly what would run: the command or the change, and always every argument that these leave out. */
export function RequestPreview({ request }: { readonly request: HumanRequest }) {
  const { preview } = request
  return (
    <div className="mt-2 flex flex-col gap-2 text-xs">
      {preview?.kind === 'diff' && <DiffView path={preview.path} before={preview.before} after={preview.after} created={preview.created} />}
      {preview?.kind === 'command' && <Code label="Command" text={preview.command} />}
      {preview?.kind === 'command' && preview.confinement && <ConfinementNote confinement={preview.confinement} />}
      {preview?.kind === 'move' && <Code label="Move" text={`${preview.from}\n→ ${preview.to}`} />}
      {preview?.kind === 'rules' && <RulesDiff diff={preview.diff} warnings={preview.warnings} />}
      {preview?.kind === 'secrets' && <Secrets found={preview.found} more={preview.more} />}
      <Rest request={request} />
    </div>
  )
}

function shownByPreview(request: HumanRequest): readonly string[] {
  switch (request.preview?.kind) {
    case 'diff': return ['path', 'content', 'old_text', 'new_text']
    case 'command': return ['command', 'hosts', 'outside_sandbox']
    case 'move': return ['from', 'to']
    case 'rules': return ['rules', 'how']
    case 'secrets': return ['marks']
    default: return []
  }
}

function Secrets({ found, more }: { readonly found: readonly { readonly what: string; readonly where: string; readonly shown: string }[]; readonly more: number }) {
  return (
    <ul aria-label="What looks like secrets" className="flex flex-col gap-1">
      {found.map(({ what, where, shown }, index) => (
        <li key={index} className="rounded-md border border-line bg-surface px-2.5 py-1.5 break-words">
          <code className="font-mono">{shown}</code>, {what}, in: {where.replace(/,$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase())}
        </li>
      ))}
      {more > 0 && <li className="text-muted">and {more} more</li>}
    </ul>
  )
}

function Rest({ request }: { readonly request: HumanRequest }) {
  const hidden = shownByPreview(request)
  const rest = Object.entries(request.arguments).filter(([name]) => !hidden.includes(name))
  if (rest.length === 0) return null
  const text = rest.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}`).join('\n')
  return <Code label={request.toolName} text={text} />
}

function Code({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <pre tabIndex={0} role="group" aria-label={label} className="max-h-60 overflow-auto rounded-md border border-line bg-surface px-2.5 py-2 font-mono break-words whitespace-pre-wrap">
      {text}
    </pre>
  )
}
