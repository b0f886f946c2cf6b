/** What nobody wants to see sent anywhere: keys, passwords, numbers of cards, accounts and identity cards. */
const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abpr]|AKIA|ASIA|AIza)[-_A-Za-z0-9]{12,}\b/,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*/,
  /\b(?:password|passwort|passphrase|secret|api[ _-]?key|access[ _-]?token|pin(?: code)?)\b\s*(?:is|ist|:|=)\s*\S{3,}/i,
  /\/\/[^\s/:@]+:[^\s/@]+@/,
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/,
  /\b\d{3}-\d{2}-\d{4}\b/,
]

export function isSensitive(text: string): boolean {
  return patterns.some((pattern) => pattern.test(text)) || hasCardNumber(text)
}

function hasCardNumber(text: string): boolean {
  for (const [match] of text.matchAll(/\b\d(?:[ -]?\d){12,18}\b/g)) if (isCardNumber(match.replaceAll(/\D/g, ''))) return true
  return false
}

/** The check digit of cards (Luhn). */
function isCardNumber(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
