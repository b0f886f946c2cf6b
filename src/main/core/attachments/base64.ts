const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const values = new Map([...digits].map((digit, index) => [digit.charCodeAt(0), index]))

/** The text must be Base64 as RFC 4648 has it, which the contract has checked. */
export function fromBase64(text: string): Uint8Array {
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length
  const bytes = new Uint8Array(Math.floor((end * 3) / 4))
  let bits = 0
  let count = 0
  let at = 0
  for (let index = 0; index < end; index += 1) {
    bits = ((bits << 6) | (values.get(text.charCodeAt(index)) ?? 0)) & 0xffffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[at] = (bits >> count) & 0xff
    at += 1
  }
  return bytes
}

const AT_ONCE = 3 * 8192

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let from = 0; from < bytes.length; from += AT_ONCE) parts.push(encode(bytes.subarray(from, from + AT_ONCE)))
  return parts.join('')
}

function encode(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = [bytes[index], bytes[index + 1], bytes[index + 2]]
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    text += digits.charAt(bits >> 18) + digits.charAt((bits >> 12) & 63)
    text += second === undefined ? '=' : digits.charAt((bits >> 6) & 63)
    text += third === undefined ? '=' : digits.charAt(bits & 63)
  }
  return text
}
