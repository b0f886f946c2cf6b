import type { MemoryItem } from '#contract/memory'

export const kindWords: Readonly<Record<MemoryItem['kind'], string>> = { fragment: 'Fact', solution: 'Solution', user: 'About you' }
export const scopeWords: Readonly<Record<MemoryItem['scope'], string>> = { user: 'everywhere', workspace: 'in the folder', session: 'in the session' }
export const trustWords: Readonly<Record<MemoryItem['trust'], string>> = { person: 'from you', agent: 'noted by an agent', untrusted: 'untrusted: from a file, a page or a tool' }
