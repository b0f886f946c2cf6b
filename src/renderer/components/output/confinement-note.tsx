import { ShieldAlert, ShieldCheck } from 'lucide-react'
import type { Confinement } from '#contract/entries'

/** What a command may do, in a line: inside the sandbox, or with all rights. */
export function ConfinementNote({ confinement: { sandboxed, hosts, why } }: { readonly confinement: Confinement }) {
  if (!sandboxed) {
    return (
      <p className="flex items-start gap-1.5 font-medium text-warning">
        <ShieldAlert aria-hidden className="mt-px size-4 shrink-0" />
        <span>{`Not in the sandbox: it can read and change all that you can, and use the network. ${why ?? ''}`}</span>
      </p>
    )
  }
  return (
    <p className="flex items-start gap-1.5 text-muted">
      <ShieldCheck aria-hidden className="mt-px size-4 shrink-0 text-success" />
      <span>
        In the sandbox: it can write in this folder and in a temporary one, not to files that other programs run; it sees programs, not your home folder or keys.
        {' '}
        {hosts.length === 0 ? 'No network.' : <strong className="font-semibold text-warning">{`Network: ${hosts.join(', ')}.`}</strong>}
      </span>
    </p>
  )
}
