import { Plus, Trash2 } from 'lucide-react'
import type { Workspace } from '#contract/workspaces'
import { Button, IconButton } from '../../../components/button'
import { SelectField, TextAreaField, TextField } from '../../../components/field'
import { type Draft, visible } from './draft'

/** Everything that decides what a server may do. What came from outside (`fixed`) is shown exactly, argument by argument. */
export function DraftForm({ draft, fixed, workspace, onChange, isNew = true }: {
  readonly draft: Draft
  readonly fixed: boolean
  readonly workspace: Workspace | null
  readonly onChange: (draft: Draft) => void
  readonly isNew?: boolean
}) {
  const put = (change: Partial<Draft>) => onChange({ ...draft, ...change })
  const places = [{ value: 'user' as const, label: 'In every folder' }, ...(workspace ? [{ value: 'workspace' as const, label: `Only in ${workspace.name}` }] : [])]
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-3">
        <TextField label="Name" value={draft.name} required maxLength={24} hint="Small letters, digits, dashes." onChange={(event) => put({ name: event.target.value })} />
        {isNew && <SelectField label="Where" value={draft.where} choices={places} onChange={(where) => put({ where })} />}
        <TextField label="Seconds for a call" type="number" min={1} max={3600} value={draft.seconds} onChange={(event) => put({ seconds: event.target.value })} />
      </div>
      {draft.kind === 'http' ? <Address draft={draft} fixed={fixed} put={put} /> : <Program draft={draft} fixed={fixed} put={put} />}
      <Secrets draft={draft} put={put} />
      {draft.kind === 'stdio' && <Reach draft={draft} put={put} />}
      {draft.notes.length > 0 && (
        <ul aria-label="To know before you agree" className="flex list-disc flex-col gap-1 ps-5 text-warning">
          {draft.notes.map((note) => <li key={note}>{note}</li>)}
        </ul>
      )}
    </div>
  )
}

interface PartProps {
  readonly draft: Draft
  readonly put: (change: Partial<Draft>) => void
}

function Address({ draft, fixed, put }: PartProps & { readonly fixed: boolean }) {
  if (fixed) return <Exactly label="Address" text={draft.url} />
  return <TextField label="Address" value={draft.url} required maxLength={4000} placeholder="https://mcp.example.com/mcp" spellCheck={false} onChange={(event) => put({ url: event.target.value })} />
}

function Program({ draft, fixed, put }: PartProps & { readonly fixed: boolean }) {
  if (!fixed) {
    return (
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <TextField label="Program" value={draft.command} required maxLength={4096} placeholder="npx" spellCheck={false} onChange={(event) => put({ command: event.target.value })} />
        <TextAreaField
          label="Arguments" hint="One per line." rows={3} value={draft.args.join('\n')} spellCheck={false}
          onChange={(event) => put({ args: event.target.value === '' ? [] : event.target.value.split('\n') })}
        />
      </div>
    )
  }
  return (
    <div className="flex flex-col gap-2">
      <Exactly label="Program" text={draft.command} />
      {draft.args.length === 0 ? <p className="text-xs text-muted">Without arguments.</p> : (
        <div className="flex flex-col gap-1">
          <p className="text-sm font-medium">Arguments</p>
          <ol aria-label="Arguments" tabIndex={0} className="max-h-60 list-decimal overflow-y-auto rounded-md bg-sunken py-2 ps-9 pe-2 font-mono text-xs" dir="ltr">
            {draft.args.map((arg, index) => <li key={index} className="break-all whitespace-pre-wrap">{arg === '' ? '(empty)' : visible(arg)}</li>)}
          </ol>
        </div>
      )}
    </div>
  )
}

function Exactly({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="text-sm font-medium">{label}</p>
      <p aria-label={label} role="group" dir="ltr" className="rounded-md bg-sunken px-2 py-1.5 font-mono text-xs break-all whitespace-pre-wrap">{visible(text)}</p>
    </div>
  )
}

function Secrets({ draft, put }: PartProps) {
  const what = draft.kind === 'http' ? 'header' : 'variable'
  const change = (index: number, part: Partial<Draft['secrets'][number]>) => put({ secrets: draft.secrets.map((each, at) => (at === index ? { ...each, ...part } : each)) })
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">{draft.kind === 'http' ? 'Headers that it is sent' : 'Variables that it gets'}</legend>
      {draft.secrets.map(({ name, value }, index) => (
        <div key={index} className="flex items-end gap-2">
          <TextField label={`Name of ${what} ${index + 1}`} value={name} maxLength={100} spellCheck={false} onChange={(event) => change(index, { name: event.target.value })} className="min-w-0 flex-1" />
          <TextField label={`Value of ${what} ${index + 1}`} value={value} maxLength={20_000} autoComplete="off" spellCheck={false} onChange={(event) => change(index, { value: event.target.value })} className="min-w-0 flex-1" />
          <IconButton label={`Remove ${what} ${index + 1}`} icon={<Trash2 />} onClick={() => put({ secrets: draft.secrets.filter((_, at) => at !== index) })} className="mb-0.5" />
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button small onClick={() => put({ secrets: [...draft.secrets, { name: '', value: '' }] })}><Plus aria-hidden className="size-3.5" />Add a {what}</Button>
        <p className="text-xs text-muted">Values are kept in the keychain and are never shown again.</p>
      </div>
    </fieldset>
  )
}

function Reach({ draft, put }: PartProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">What it may reach</legend>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={draft.sandboxed} onChange={(event) => put({ sandboxed: event.target.checked })} className="accent-accent" />
        <span>Run it in the sandbox</span>
      </label>
      {draft.sandboxed ? (
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          <div className="flex flex-col gap-2">
            <TextAreaField label="Folders" hint="One per line. Beside these it sees the programs of the system and a folder of its own." rows={2} value={draft.folders} spellCheck={false} onChange={(event) => put({ folders: event.target.value })} />
            <label className="flex items-center gap-2">
              <input type="checkbox" checked={draft.writable} onChange={(event) => put({ writable: event.target.checked })} className="accent-accent" />
              <span>It may change files in them</span>
            </label>
          </div>
          <TextAreaField label="Hosts" hint="One per line. Without any it has no network." rows={2} value={draft.hosts} spellCheck={false} onChange={(event) => put({ hosts: event.target.value })} />
        </div>
      ) : <p className="text-warning">Outside of the sandbox it can do everything that you can. You are asked before each start.</p>}
    </fieldset>
  )
}
