import type { McpToolDefinition } from '#contract/mcp'

const LONGEST_DESCRIPTION = 8000
const LONGEST_SCHEMA = 50_000
const DEEPEST = 20
/** What is not seen as it is: controls, text that turns around, letters that nobody sees. */
const hidden = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu

/** What a tool says of itself as a person can read it, which is what agents get too; null for one that no model can be offered. */
export function cleanDefinition({ name, title, description, parameters }: McpToolDefinition): McpToolDefinition | null {
  if (!/^[\p{L}\p{N}\p{P}\p{S} ]{1,128}$/u.test(name)) return null
  const cleaned = cleanValue(parameters, 0)
  if (!isObject(cleaned) || JSON.stringify(cleaned).length > LONGEST_SCHEMA) return null
  return {
    name, title: title === null ? null : plain(title).slice(0, 200), description: cut(plain(description)),
    parameters: { ...cleaned, type: 'object' },
  }
}

function plain(text: string): string {
  return text.replace(hidden, '')
}

function cut(text: string): string {
  return text.length > LONGEST_DESCRIPTION ? `${text.slice(0, LONGEST_DESCRIPTION)}…` : text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for what lies too deep. */
function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return plain(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return undefined
  if (Array.isArray(value)) return value.map((each) => cleanValue(each, depth + 1) ?? null)
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (key === '__proto__' ? [] : [[plain(key), cleanValue(each, depth + 1)]])))
}
