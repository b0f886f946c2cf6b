/** What says of a person who they are, or how to reach them. */
export type PersonalKind = 'EMAIL' | 'PHONE' | 'CARD' | 'IBAN' | 'IP'

export interface FoundPerson {
  readonly start: number
  readonly end: number
  readonly kind: PersonalKind
  readonly value: string
}

interface Shape {
  readonly kind: PersonalKind
  /** No part of it may be long and then fail: texts come from anybody. */
  readonly pattern: RegExp
  readonly isReal: (value: string) => boolean
}

const shapes: readonly Shape[] = [
  { kind: 'EMAIL', pattern: /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z\d-]{1,63}\.){1,6}[a-z]{2,24}(?![\w-])/gi, isReal: (value) => !value.startsWith('git@') },
  { kind: 'IBAN', pattern: /(?<![A-Z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![A-Z\d])/g, isReal: isIban },
  { kind: 'PHONE', pattern: /(?<![\w+])\+\d{1,3}(?:[ ./()-]{0,2}\d){6,13}(?!\w)/g, isReal: () => true },
  { kind: 'CARD', pattern: /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w.-])/g, isReal: isCard },
  { kind: 'IP', pattern: /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])/g, isReal: isPublicAddress },
]

/** In the order of the text, none over another. Time grows with the length of the text. */
export function findPersonal(text: string): readonly FoundPerson[] {
  const found: FoundPerson[] = []
  for (const { kind, pattern, isReal } of shapes) {
    for (const { index: start, 0: value } of text.matchAll(pattern)) {
      const end = start + value.length
      if (isReal(value) && !found.some((other) => start < other.end && other.start < end)) found.push({ start, end, kind, value })
    }
  }
  return found.sort((one, other) => one.start - other.start)
}

/** ISO 13616: the letters as numbers, the first four characters last, modulo 97. */
function isIban(value: string): boolean {
  const plain = value.replaceAll(' ', '')
  if (plain.length < 15 || plain.length > 34) return false
  const digits = [...plain.slice(4), ...plain.slice(0, 4)].map((character) => String(Number.parseInt(character, 36))).join('')
  return [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1
}

/** Luhn: every second digit from the end counts twice. */
function isCard(value: string): boolean {
  const digits = [...value].filter((character) => character >= '0' && character <= '9').map(Number).reverse()
  const sum = digits.reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9), 0)
  return digits.length >= 13 && sum % 10 === 0 && new Set(digits).size > 1
}

function isPublicAddress(value: string): boolean {
  const [first = 0, second = 0, third = 0, fourth = 0] = value.split('.').map(Number)
  if ([first, second, third, fourth].some((part) => part > 255)) return false
  const isLocal = first === 0 || first === 10 || first === 127 || first >= 224 || (first === 169 && second === 254) || (first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)
  // Versions look so too, and begin low.
  return !isLocal && first > 12
}
