import type { Mode } from '#contract/common'
import type { PickerItem } from '../components/picker-list'

export const modes: readonly (PickerItem & { readonly value: Mode })[] = [
  { value: 'ask', label: 'Ask', note: 'Reading runs; everything else asks you.' },
  { value: 'auto-edit', label: 'Auto-edit', note: 'Edits inside the folder run too. Commands ask.' },
  { value: 'sandboxed-auto', label: 'Sandboxed auto', note: 'Commands inside the sandbox run too; what leaves it asks.' },
  { value: 'plan', label: 'Plan', note: 'Reading only; the rest is refused.' },
]
