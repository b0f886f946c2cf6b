import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { McpProposals } from '#contract/mcp'
import type { Workspace } from '#contract/workspaces'
import { Button } from '../../../components/button'
import { ErrorNote } from '../../../components/feedback'
import { TextAreaField } from '../../../components/field'
import { useServices } from '../../../lib/services'
import { type Draft, draftOfProposal, emptyDraft, serverOf } from './draft'
import { DraftForm } from './draft-form'

type Way = 'paste' | 'program' | 'address' | 'folder'

/** Ways to a new server. Each leads to the same: everything is shown, and nothing runs before a person agrees. */
export function AddServer({ workspace, onDone }: { readonly workspace: Workspace | null; readonly onDone: () => void }) {
  const { orpc } = useServices()
  const [way, setWay] = useState<Way | null>(null)
  const [text, setText] = useState('')
  const [found, setFound] = useState<McpProposals | null>(null)
  const read = useMutation(orpc.mcp.propose.mutationOptions({ meta: { shownInPlace: true }, onSuccess: setFound }))
  const readFolder = useMutation(orpc.mcp.proposeFromFolder.mutationOptions({ meta: { shownInPlace: true }, onSuccess: setFound }))
  const choose = (next: Way): void => {
    setWay(next)
    setFound(null)
    if (next === 'folder' && workspace) readFolder.mutate({ workspaceId: workspace.id })
  }
  return (
    <section aria-labelledby="add-server" className="flex flex-col gap-3 rounded-md border border-line p-3">
      <h4 id="add-server" className="font-semibold">Add a server</h4>
      <div role="group" aria-label="How" className="flex flex-wrap gap-2">
        <Button small aria-pressed={way === 'program'} onClick={() => choose('program')}>A program here</Button>
        <Button small aria-pressed={way === 'address'} onClick={() => choose('address')}>An address</Button>
        <Button small aria-pressed={way === 'paste'} onClick={() => choose('paste')}>Paste JSON or a link</Button>
        {workspace?.trusted === true && <Button small aria-pressed={way === 'folder'} onClick={() => choose('folder')}>From {workspace.name}/.mcp.json</Button>}
      </div>
      {way === 'paste' && (
        <form className="flex flex-col gap-2" onSubmit={(event) => { event.preventDefault(); read.mutate({ text }) }}>
          <TextAreaField label="JSON or link" rows={5} value={text} maxLength={200_000} spellCheck={false} placeholder={'{"mcpServers": {"files": {"command": "npx", "args": ["…"]}}}'} onChange={(event) => setText(event.target.value)} />
          <div><Button type="submit" disabled={text.trim() === '' || read.isPending}>Read it</Button></div>
        </form>
      )}
      {(read.error ?? readFolder.error) !== null && <ErrorNote error={read.error ?? readFolder.error} />}
      {(way === 'paste' || way === 'folder') && found !== null && <Proposals found={found} workspace={workspace} onDone={onDone} />}
      {way === 'program' && <NewServer key="program" first={emptyDraft} fixed={false} workspace={workspace} onDone={onDone} />}
      {way === 'address' && <NewServer key="address" first={{ ...emptyDraft, kind: 'http' }} fixed={false} workspace={workspace} onDone={onDone} />}
    </section>
  )
}

export function Proposals({ found, workspace, onDone }: { readonly found: McpProposals; readonly workspace: Workspace | null; readonly onDone: () => void }) {
  const [left, setLeft] = useState(found.items.map((item, index) => ({ item, key: `${index} ${item.name}` })))
  return (
    <div className="flex flex-col gap-3">
      {found.problems.map((problem) => <p key={problem} role="status" className="text-warning">{problem}</p>)}
      {left.map(({ item, key }) => (
        <NewServer
          key={key} first={draftOfProposal(item)} fixed workspace={workspace}
          onDone={() => {
            const others = left.filter((each) => each.key !== key)
            setLeft(others)
            if (others.length === 0) onDone()
          }}
        />
      ))}
    </div>
  )
}

function NewServer({ first, fixed, workspace, onDone }: { readonly first: Draft; readonly fixed: boolean; readonly workspace: Workspace | null; readonly onDone: () => void }) {
  const { orpc, announcer } = useServices()
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(first)
  const done = (words: string) => {
    announcer.say(words)
    void queryClient.invalidateQueries({ queryKey: orpc.mcp.key() })
    onDone()
  }
  const enable = useMutation(orpc.mcp.enable.mutationOptions({ meta: { shownInPlace: true } }))
  const create = useMutation(orpc.mcp.create.mutationOptions({ meta: { shownInPlace: true } }))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    create.mutate(serverOf(draft, workspace?.id ?? null), {
      onSuccess: ({ id, fingerprint, name }) => enable.mutate({ id, fingerprint }, {
        onSuccess: ({ state }) => done(state === 'running' ? `${name} runs. Look at its tools.` : `${name} was added.`),
        onError: () => done(`${name} was added, but did not start.`),
      }),
    })
  }
  const isBusy = create.isPending || enable.isPending
  return (
    <form onSubmit={submit} aria-label={fixed ? `Proposed server ${first.name}` : 'New server'} className="flex flex-col gap-3 rounded-md bg-canvas p-3">
      <DraftForm draft={draft} fixed={fixed} workspace={workspace} onChange={setDraft} />
      {create.error !== null && <ErrorNote error={create.error} />}
      <div className="flex items-center gap-3">
        <Button type="submit" tone="primary" disabled={isBusy}>{isBusy ? 'Starting…' : 'Agree and start'}</Button>
        <p className="text-xs text-muted">Nothing of it runs before this. Agents get its tools once you have looked at them.</p>
      </div>
    </form>
  )
}
