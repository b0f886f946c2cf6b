import { type MouseEvent, type ReactNode, useState } from 'react'
import { Button } from '../button'
import { Dialog } from '../dialog'
import { safeLink } from './safe-link'

/** Holds text that others wrote: its links say where they lead before they open. */
export function LinkGate({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<string | null>(null)
  // The middle button and a held key would open a tab as well.
  const ask = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || (event.type === 'auxclick' && event.button !== 1)) return
    event.preventDefault()
    setAsked(safeLink(link.getAttribute('href')))
  }
  return (
    <div className="markdown" dir="auto" onClick={ask} onAuxClick={ask}>
      {children}
      {asked !== null && <LinkQuestion address={asked} onClose={() => setAsked(null)} />}
    </div>
  )
}

function LinkQuestion({ address, onClose }: { readonly address: string; readonly onClose: () => void }) {
  const { host } = new URL(address)
  const isDisguised = host.split('.').some((label) => label.startsWith('xn--'))
  const open = (): void => {
    onClose()
    window.open(address, '_blank', 'noopener,noreferrer')
  }
  return (
    <Dialog
      title="Open this address?"
      alert
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" autoFocus onClick={open}>Open {host.length > 40 ? 'it' : host}</Button>
        </>
      }
    >
      <p>It opens in your browser. The agent wrote this link; look where it leads:</p>
      <p dir="ltr" className="mt-2 max-h-40 overflow-y-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs break-all">{address}</p>
      {isDisguised && <p className="mt-2 text-warning">This name is written with letters of another alphabet and may look like a name you know.</p>}
    </Dialog>
  )
}
