import { keyLabels } from '../lib/commands/keys'
import { useServices } from '../lib/services'

/** A combination of keys, as the keys of this machine are labelled. */
export function Keys({ keys }: { readonly keys: string }) {
  const { machine } = useServices()
  return (
    <kbd className="inline-flex shrink-0 gap-0.5 font-sans text-xs text-muted">
      {keyLabels(keys, machine.isMac).map((label, index) => (
        <span key={index} className="min-w-5 rounded-sm border border-line bg-sunken px-1 text-center">{label}</span>
      ))}
    </kbd>
  )
}
