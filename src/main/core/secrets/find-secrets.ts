import { isCardNumber, isIban } from './checksums'

/** What looks like a key, and where in a text. */
export interface FoundSecret {
  readonly start: number
  readonly end: number
  /** In plain words: `an AWS access key`. */
  readonly what: string
  readonly value: string
}

interface Shape {
  readonly what: string
  /** Its first group, where it has one, is the secret itself. No part of it may be long and then fail: texts come from anybody. */
  readonly pattern: RegExp
  /** Whether what looks like it is one. */
  readonly accepts?: (value: string) => boolean
}

/** Keys that say what they are. What each service documents of its own, or its leaked keys are searched by. */
const shapes: readonly Shape[] = [
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|$)/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-[\w-]{20,}/g },
  { what: 'an OpenRouter key', pattern: /\bsk-or-v1-[\da-f]{32,}/g },
  { what: 'an OpenAI key', pattern: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})/g },
  { what: 'a GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|agent)-[\w-]{20,}/g },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}|https:\/\/hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/g },
  { what: 'a Google key', pattern: /\bAIza[\w-]{35}\b|\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}/g },
  { what: 'a Stripe key', pattern: /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/=]{20,}/g },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{30,}/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}/g },
  { what: 'a PyPI token', pattern: /\bpypi-[\w-]{50,}/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[\w-]{16,64}\.[\w-]{16,}/g },
  { what: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[\da-f]{64}/g },
  { what: 'a Telegram token', pattern: /\b\d{8,10}:AA[\w-]{33}\b/g },
  { what: 'a Discord token', pattern: /\b[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}/g },
  { what: 'an Azure key', pattern: /\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}/g },
  { what: 'a signed token (JWT)', pattern: /\beyJ[\w-]{10,1500}\.eyJ[\w-]{10,1500}\.[\w-]{10,}/g },
  { what: 'a password in an address', pattern: /:\/\/[^\s/:@"'`<>]{0,100}:([^\s/:@"'`<>${}]{3,200})@[\w[]/g },
  { what: 'a payment card number', pattern: /(?<![\w.#/-])(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6011|65\d\d|35\d\d)(?:[ -]?\d{4}){3}(?![\w-]|\.\d)|(?<![\w.#/-])3[47]\d\d[ -]?\d{6}[ -]?\d{5}(?![\w-]|\.\d)/g, accepts: isCardNumber },
  { what: 'a bank account (IBAN)', pattern: /\b[A-Z]{2}\d\d(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/g, accepts: isIban },
  { what: 'a token in a header', pattern: /\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic|token)\s{1,3}([A-Za-z0-9._~+/-]{16,}=*)/gi },
]

/** A name that keeps a secret, an equals sign or colon, and a value. */
const assignment = /(?:api[_-]?key|secret|token|passw(?:or)?d|passphrase|credential|private[_-]?key|access[_-]?key|auth[_-]?key|pwd)[\w.-]{0,30}["'`]?\s{0,3}(?::=|=>|[:=])\s{0,3}["'`]?([^\s"'`,;<>(){}[\]]{12,500})/gi
const isPlaceholder = /^(?:x{4,}|\*{3,}|\.{3,}|-+|_+|0+|your|my[_-]|example|sample|change|replace|dummy|fake|test|todo|none|null|true|false|undefined|process\.|os\.|env\.|import|\$|%|https?:|\/|\.\/|~\/)|(?:example|placeholder|redacted|changeme|left.out)|^[a-z]+(?:[._-][a-z]+)*$/i
/** Bits per character: words and names in code have less, what is random has more. */
const RANDOM = 3.2
const MOST_FOUND = 200

/** In the order of the text, none over another. Time grows with the length of the text. */
export function findSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = []
  const add = (start: number, value: string, what: string) => {
    const end = start + value.length
    if (found.length < MOST_FOUND && !found.some((other) => start < other.end && other.start < end)) found.push({ start, end, what, value })
  }
  const places = (pattern: RegExp) => [...text.matchAll(pattern)].map(({ index, 0: whole, 1: value = whole }) => ({ start: index + whole.lastIndexOf(value), value }))
  for (const { pattern, what, accepts } of shapes) for (const { start, value } of places(pattern)) if (accepts?.(value) !== false) add(start, value, what)
  for (const { start, value } of places(assignment)) if (looksRandom(value)) add(start, value, 'a password or key')
  return found.sort((one, other) => one.start - other.start)
}

function looksRandom(value: string): boolean {
  if (isPlaceholder.test(value)) return false
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(value)).length
  return kinds >= 2 && /\d/.test(value) && entropy(value) >= RANDOM
}

function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** `kept`: values that stay. `word`: what stands there instead. */
export function leaveOutSecrets(text: string, kept?: ReadonlySet<string>, word?: (what: string) => string): string {
  return leaveOut(text, findSecrets(text), kept, word)
}

/** `found`: in the order of the text, none over another. */
export function leaveOut(text: string, found: readonly FoundSecret[], kept: ReadonlySet<string> = new Set(), word = (what: string) => `[left out by Trestle: ${what}]`): string {
  let cleaned = ''
  let from = 0
  for (const { start, end, what, value } of found) {
    if (kept.has(value)) continue
    cleaned += `${text.slice(from, start)}${word(what)}`
    from = end
  }
  return from === 0 ? text : cleaned + text.slice(from)
}

/** Enough for a person to know which one it is, and no more. */
export function masked(value: string): string {
  if (value.startsWith('-----BEGIN')) return value.slice(0, value.indexOf('-----', 10) + 5)
  return value.length < 16 ? '•'.repeat(8) : `${value.slice(0, 4)}••••${value.slice(-2)}`
}
