import { useQuery } from '@tanstack/react-query'
import { Button } from '../components/button'
import { Dialog } from '../components/dialog'
import { ErrorNote, Skeleton } from '../components/feedback'
import { Proposals } from '../features/settings/mcp/add-server'
import { parseDeepLink, type Proposal } from '../lib/deep-link'
import { useServices } from '../lib/services'
import { useFolderActions } from './sidebar'
import { useUiStore } from './ui-context'
import { useNewSession, useSelection } from './use-window-state'

/**
 * What a link from outside would do. Showing it does nothing; what a press does then is what the person could do by hand:
 * go to a session, open a folder and be asked about trust, or have a text in the composer that is not sent.
 */
export function ProposalDialog({ link, onClose }: { readonly link: string; readonly onClose: () => void }) {
  const proposal = parseDeepLink(link)
  if (proposal === null) {
    return (
      <Dialog alert title="A link that Trestle does not know" onClose={onClose} actions={<Button onClick={onClose}>Close</Button>}>
        <p>Another app or page opened a link for Trestle. It asks for nothing that Trestle offers, so nothing was done.</p>
      </Dialog>
    )
  }
  if (proposal.kind === 'mcp') return <ServerProposal link={proposal.link} onClose={onClose} />
  return <KnownProposal proposal={proposal} onClose={onClose} />
}

/** Every argument of the servers that a link proposes. Nothing of them runs before the person agrees to one. */
function ServerProposal({ link, onClose }: { readonly link: string; readonly onClose: () => void }) {
  const { orpc } = useServices()
  const { folder } = useSelection()
  const found = useQuery(orpc.mcp.propose.queryOptions({ input: { text: link }, staleTime: Infinity, retry: false }))
  return (
    <Dialog alert wide title="A link asks to add an MCP server" onClose={onClose} actions={<Button autoFocus onClick={onClose}>Do nothing</Button>}>
      <div className="flex flex-col gap-3">
        <p>It comes from another app or a web page; Trestle cannot know which. This is all that it would run or reach.</p>
        {found.isPending && <Skeleton rows={4} label="Reading the link" />}
        {found.error !== null && <ErrorNote error={found.error} />}
        {found.data !== undefined && <Proposals found={found.data} workspace={folder} onDone={onClose} />}
      </div>
    </Dialog>
  )
}

type Simple = Exclude<Proposal, { kind: 'mcp' }>

const words: Readonly<Record<Simple['kind'], { readonly title: string; readonly text: string; readonly press: string }>> = {
  'open-folder': { title: 'A link asks to open a folder', text: 'It is opened read-only; whether you trust it is asked after that.', press: 'Open the folder' },
  session: { title: 'A link asks to go to a session', text: 'Nothing is sent and nothing is allowed by that.', press: 'Go to the session' },
  prompt: { title: 'A link asks to write a message', text: 'A new session gets this text in its message box. It is not sent: read it, change it, send it yourself.', press: 'Put it into a new session' },
}

function KnownProposal({ proposal, onClose }: { readonly proposal: Simple; readonly onClose: () => void }) {
  const ui = useUiStore()
  const { drafts, queries } = useServices()
  const { folder } = useSelection()
  const { openPath } = useFolderActions()
  const newSession = useNewSession(folder)
  const asked = useQuery({ ...queries.session(proposal.kind === 'session' ? proposal.sessionId : ''), enabled: proposal.kind === 'session', retry: false })
  const { title, text, press } = words[proposal.kind]
  const isGone = proposal.kind === 'session' && asked.isError
  const accept = (): void => {
    onClose()
    switch (proposal.kind) {
      case 'open-folder': return openPath(proposal.folder)
      case 'session': return ui.getState().go({ view: 'session', sessionId: proposal.sessionId })
      case 'prompt': return newSession.start((sessionId) => drafts.set(sessionId, proposal.prompt))
    }
  }
  return (
    <Dialog
      alert
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button autoFocus onClick={onClose}>Do nothing</Button>
          <Button tone="primary" disabled={isGone || (proposal.kind === 'prompt' && newSession.isDisabled)} onClick={accept}>{press}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>It comes from another app or a web page; Trestle cannot know which. {text}</p>
        <p className="max-h-60 overflow-y-auto rounded-md bg-sunken p-3 font-mono text-xs break-all whitespace-pre-wrap" dir="ltr" tabIndex={0}>{shown(proposal, asked.data?.title)}</p>
        {isGone && <p className="text-danger">There is no such session in this profile.</p>}
      </div>
    </Dialog>
  )
}

function shown(proposal: Simple, title: string | undefined): string {
  switch (proposal.kind) {
    case 'open-folder': return proposal.folder
    case 'session': return title ?? proposal.sessionId
    case 'prompt': return proposal.prompt
  }
}
