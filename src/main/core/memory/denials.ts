/** Words that turn what is said into its contrary. */
export const denials: ReadonlySet<string> = new Set(['not', 'no', 'never', 'without', 'dont', 'don', 'doesn', 'isn', 'aren', 'won', 'stop', 'nicht', 'kein', 'keine', 'nie', 'ohne'])
