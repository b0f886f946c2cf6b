/** The build shortens #ffffff to #fff, and the editor takes six digits only. */
export function sixDigits(color: string): string {
  return /^#[\da-f]{3}$/i.test(color) ? `#${[...color.slice(1)].map((digit) => digit + digit).join('')}` : color
}
