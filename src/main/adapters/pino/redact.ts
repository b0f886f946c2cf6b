import { leaveOutSecrets } from '#core/secrets/find-secrets'

const MOST_DEPTH = 6
const MOST_ITEMS = 50
const LONGEST_TEXT = 4_000
const HIDDEN = '[redacted]'

const secretName = /(key|token|authorization|secret|password|passwd|passphrase|cookie|credential)s?$/i
const secretValues: readonly RegExp[] = [
  /\bsk-[\w-]{6,}/g,
  /\bBearer\s+[^\s"',;]+/gi,
  /\bBasic\s+[A-Za-z0-9+/=]{8,}/g,
  /\b(?:gh[pousr]|github_pat|glpat|xox[abprs]|AIza|AKIA|hf|npm)[_-]?[A-Za-z0-9_-]{12,}/g,
  /(?<=[?&#](?:token|key|api_key|access_token|secret)=)[^&\s"']+/gi,
  /(?<=:\/\/)[^/\s:@]+:[^/\s@]+(?=@)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g,
]

/** What may be written down: secrets by name and by look replaced, errors as data, everything bounded. Never throws. */
export function redact(value: unknown): unknown {
  return clean(value, '', MOST_DEPTH)
}

function clean(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') return secretName.test(name) ? HIDDEN : cleanText(value)
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') return String(value).slice(0, 100)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return '[deeper]'
  if (value instanceof Error) return cleanError(value, depth)
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => clean(item, name, depth - 1))
  return Object.fromEntries(Object.entries(value).slice(0, MOST_ITEMS).map(([key, item]) => [key, clean(item, secretName.test(name) ? name : key, depth - 1)]))
}

function cleanText(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
  return leaveOutSecrets(secretValues.reduce((cleaned, pattern) => cleaned.replace(pattern, HIDDEN), short), undefined, () => HIDDEN)
}

function cleanError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: cleanText(error.message),
    ...('code' in error && { code: clean(error.code, '', 1) }),
    ...(error.stack !== undefined && { stack: cleanText(error.stack) }),
    ...(error.cause !== undefined && { cause: clean(error.cause, '', depth - 1) }),
  }
}
