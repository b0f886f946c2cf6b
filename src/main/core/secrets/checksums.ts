/** Numbers that the makers of payments publish for tests. */
const testCards: ReadonlySet<string> = new Set([
  '4242424242424242', '4111111111111111', '4012888888881881', '4000056655665556', '4000000000000002', '5555555555554444', '5105105105105100', '2223003122003222', '378282246310005', '371449635398431', '6011111111111117', '3530111333300000',
])

/** Luhn, over the digits of a number that may have spaces or dashes in it; those known from manuals do not count. */
export function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '')
  if (testCards.has(digits) || new Set(digits).size < 3) return false
  let sum = 0
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return sum % 10 === 0
}

/** ISO 7064, mod 97: of the letters as numbers, with the first four at the end. */
export function isIban(text: string): boolean {
  const plain = text.replace(/ /g, '').toUpperCase()
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const character of `${plain.slice(4)}${plain.slice(0, 4)}`) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
