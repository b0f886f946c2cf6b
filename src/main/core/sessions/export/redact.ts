import { leaveOutSecrets } from '../../secrets/find-secrets'

const LEFT_OUT = '[left out: looks like a key]'
/** What keys look like. A conversation may have come across one: in a file, an output, a message. */
const secretValues: readonly RegExp[] = [
  /\bsk-[\w-]{16,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{16,}=*/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|AKIA|hf_|npm_)[A-Za-z0-9_-]{12,}/g,
  /(?<=:\/\/)[^/\s:@]+:[^/\s@]+(?=@)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
]

export function withoutSecrets(text: string): string {
  return leaveOutSecrets(secretValues.reduce((cleaned, pattern) => cleaned.replace(pattern, LEFT_OUT), text), undefined, () => LEFT_OUT)
}

/** The same for every text in a value. */
export function valueWithoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (Array.isArray(value)) return value.map(valueWithoutSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueWithoutSecrets(item)]))
}
