import { useQuery } from '@tanstack/react-query'
import type { DesktopState } from '#contract/desktop'
import { keysText } from '../../lib/commands/keys'
import { useServices } from '../../lib/services'

/** What became of the settings of the desktop: a shortcut may be taken, an update may be ready. */
export function DesktopNotes({ keys }: { readonly keys: string | null }) {
  const { orpc, machine } = useServices()
  // Asked anew when the keys change, after the desktop has tried them.
  const state = useQuery({ ...orpc.desktop.state.queryOptions({ input: {} }), queryKey: [...orpc.desktop.state.queryKey({ input: {} }), keys], staleTime: 0 })
  if (state.data === undefined) return null
  const { quickPrompt, updates } = state.data
  const isTrouble = quickPrompt.state === 'taken' || quickPrompt.state === 'invalid'
  return (
    <div role="status" className="flex max-w-xl flex-col gap-1 text-xs">
      <p className={isTrouble ? 'text-danger' : 'text-muted'}>{quickText(quickPrompt, machine.isMac)}</p>
      <p className="text-muted">{updateText(updates)}</p>
    </div>
  )
}

function quickText({ keys, state }: DesktopState['quickPrompt'], isMac: boolean): string {
  const shown = keys === null ? '' : keysText(keys, isMac)
  switch (state) {
    case 'active': return `${shown} opens the quick prompt from anywhere.`
    case 'taken': return `Another app has ${shown}. Choose other keys for the quick prompt, or free them there.`
    case 'invalid': return `This system takes no shortcut like ${shown}. Choose other keys.`
    case 'off': return 'The quick prompt has no shortcut. It is in the menu of the tray and among the commands.'
    case 'absent': return 'In a browser the quick prompt has no shortcut of the whole system. It is among the commands, and at /quick.'
  }
}

function updateText({ state, version }: DesktopState['updates']): string {
  switch (state) {
    case 'off': return 'Updates are not looked for.'
    case 'looking': return 'Looking for a new version…'
    case 'current': return 'This is the newest version.'
    case 'loading': return `Version ${version ?? ''} is being loaded.`
    case 'ready': return `Version ${version ?? ''} is installed when Trestle quits.`
    case 'failed': return 'The address of updates did not answer as expected. It is tried again in some hours.'
  }
}
