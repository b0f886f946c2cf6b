export const effectChoices = [
  { value: 'deny', label: 'Never allow' }, { value: 'ask', label: 'Always ask' }, { value: 'allow', label: 'Allow' },
] as const

export const capabilityChoices = [
  { value: 'execute', label: 'Commands' }, { value: 'edit', label: 'Changes of files' }, { value: 'read', label: 'Reading' }, { value: 'network', label: 'Asking servers' },
  { value: 'mcp', label: 'Tools of MCP servers' },  { value: 'tool', label: 'One tool…' }, { value: 'any', label: 'Everything' },
] as const

export const keyChoices = [
  { value: 'none', label: 'Always' }, { value: 'command', label: 'The command' }, { value: 'path', label: 'The path' }, { value: 'host', label: 'The host' },
] as const

export const operatorChoices = [
  { value: 'contains', label: 'contains' }, { value: 'startsWith', label: 'starts with' }, { value: 'endsWith', label: 'ends with' }, { value: 'equals', label: 'is' },
  { value: 'matches', label: 'matches (* and **)' },
] as const

const HOUR_MS = 3_600_000

export const durationChoices = [
  { value: 'always', label: 'Until it is removed' }, { value: 'hour', label: 'For an hour' }, { value: 'day', label: 'For a day' }, { value: 'week', label: 'For a week' },
] as const

export function durationOf(value: (typeof durationChoices)[number]['value']): number | null {
  switch (value) {
    case 'always': return null
    case 'hour': return HOUR_MS
    case 'day': return 24 * HOUR_MS
    case 'week': return 7 * 24 * HOUR_MS
  }
}
