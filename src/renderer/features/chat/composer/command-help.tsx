import { X } from 'lucide-react'
import { IconButton } from '../../../components/button'
import type { SlashCommand } from './slash-command'

export function CommandHelp({ commands, onClose }: { readonly commands: readonly SlashCommand[]; readonly onClose: () => void }) {
  return (
    <section aria-label="Commands of the message field" className="border-b border-line px-3 py-2">
      <div className="flex items-center justify-between">
        <h3 className="text-xs font-semibold">Commands</h3>
        <IconButton label="Close the list of commands" icon={<X />} onClick={onClose} />
      </div>
      <dl className="grid max-h-56 grid-cols-[max-content_1fr] gap-x-4 gap-y-0.5 overflow-y-auto text-xs" tabIndex={0}>
        {commands.map(({ name, argument, description }) => (
          <div key={name} className="contents">
            <dt className="font-mono">/{name}{argument === undefined ? '' : ` ${argument}`}</dt>
            <dd className="text-muted">{description}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
