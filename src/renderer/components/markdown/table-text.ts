import { decodeEntities } from './entities'
import type { Token, Tokens } from './lex'

/** RFC 4180: lines end with CR LF, and a quote inside of quotes is doubled. */
export function tableAsCsv(table: Tokens.Table): string {
  return [table.header, ...table.rows].map((row) => row.map((cell) => field(plainText(cell.tokens))).join(',')).join('\r\n')
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function plainText(tokens: readonly Token[]): string {
  return tokens.map((token) => {
    if ('tokens' in token && token.tokens !== undefined && token.type !== 'link') return plainText(token.tokens)
    return 'text' in token && typeof token.text === 'string' ? decodeEntities(token.text) : token.raw
  }).join('')
}
