export interface Wanted {
  readonly query: string
  readonly at: { readonly line: number; readonly column?: number } | null
}

/** `name`, `name:12`, `name:12:5` or `:12`. */
export function parseWanted(typed: string): Wanted {
  const [, query = '', line, column] = /^(.*?)(?::(\d{1,9})(?::(\d{1,9})?)?)?:?$/s.exec(typed.trim()) ?? []
  if (line === undefined || Number(line) === 0) return { query, at: null }
  return { query, at: column === undefined || Number(column) === 0 ? { line: Number(line) } : { line: Number(line), column: Number(column) } }
}
