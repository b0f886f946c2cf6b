import { z } from 'zod'
import { MemoryDraftSchema, type MemoryDraftInput, MemoryItemSchema, type MemoryItem } from '#contract/memory'
import { fenced } from '../sessions/export/fenced'
import { withoutSecrets } from '../sessions/export/redact'

export type ExportFormat = 'json' | 'markdown'

/** Pages of one format, one after the other, are the whole, but for what looks like a key. */
export function exportText(items: readonly MemoryItem[], format: ExportFormat): string {
  return items.map(clean).map((item) => (format === 'json' ? `${JSON.stringify(item)}\n` : toMarkdown(item))).join('')
}

function clean({ title, text, solution, ...rest }: MemoryItem): MemoryItem {
  const { problem = '', steps = [], outcome = '', artifacts = [] } = solution ?? {}
  const cleaned = solution && {
    problem: withoutSecrets(problem), steps: steps.map(withoutSecrets), outcome: withoutSecrets(outcome),
    artifacts: artifacts.map((artifact) => ({ ...artifact, text: withoutSecrets(artifact.text) })),
  }
  return { ...rest, title: withoutSecrets(title), text: withoutSecrets(text), solution: cleaned }
}

const MARK = '<!-- memory '
const END = ' -->'
const SOLUTION = '<!-- solution, to be read: what counts is in the comment above -->'

/** The text to read and to edit; all else of it in a comment that Markdown does not show. A solution is there to be read as well. */
function toMarkdown({ title, text, ...rest }: MemoryItem): string {
  const { id, kind, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, source } = rest
  const kept = { id, kind, title, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, source }
  // The end of a comment inside of it would end it, and the beginning of another would be taken for one.
  const comment = JSON.stringify(kept).replaceAll('-->', '--\\u003e').replaceAll('<!', '\\u003c!')
  return `## ${guarded((title || text).replaceAll(/\s+/g, ' ').slice(0, 80))}\n\n${MARK}${comment}${END}\n\n${guarded(text)}\n\n${solution === null ? '' : `${SOLUTION}\n\n${guarded(readable(solution))}\n\n`}`
}

function readable({ problem, steps, outcome, artifacts }: NonNullable<MemoryItem['solution']>): string {
  return [
    ...(problem === '' ? [] : [`Problem: ${problem}`]), ...(steps.length === 0 ? [] : [steps.map((step, index) => `${index + 1}. ${step}`).join('\n')]), ...(outcome === '' ? [] : [`Outcome: ${outcome}`]),
    ...artifacts.map(({ path = '', text }) => [path, text === '' ? '' : fenced(text)].filter((part) => part !== '').join('\n')),
  ].join('\n\n')
}

/** What is written is none of our marks, and is read again as it was. */
function guarded(text: string): string {
  return text.replaceAll(/<!(\\*)-- (memory|solution)/g, '<!\\$1-- $2')
}

function unguarded(text: string): string {
  return text.replaceAll(/<!\\(\\*)-- (memory|solution)/g, '<!$1-- $2')
}

export type Imported = { readonly place: number } & ({ readonly draft: MemoryDraftInput } | { readonly message: string })

/** What a text holds, item by item; `place` is the line or the number of the item, from 1. What is not understood is named. */
export function importText(text: string, format: ExportFormat): Imported[] {
  return format === 'json' ? fromJson(text) : fromMarkdown(text)
}

/** An exported item, or anything with a text. */
const ImportedSchema = MemoryItemSchema.partial().extend({ text: z.string() })

function fromJson(text: string): Imported[] {
  const whole = parseJson(text)
  const list = whole !== undefined && Array.isArray(whole) ? whole : whole !== undefined ? [whole] : null
  if (list) return list.map((value, index) => toImported(value, index + 1))
  return text.split('\n').flatMap((line, index): Imported[] => {
    if (line.trim() === '') return []
    const value = parseJson(line)
    return [value === undefined ? { place: index + 1, message: 'This line is not JSON.' } : toImported(value, index + 1)]
  })
}

function fromMarkdown(text: string): Imported[] {
  if (!text.includes(MARK)) {
    // Any list or notes: an item for each point or paragraph.
    return text.split(/\n\s*\n|\n(?=\s*[-*] )/).map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('#'))
      .map((part, index) => toImported({ text: part.replace(/^[-*]\s+/, '') }, index + 1))
  }
  return text.split(MARK).slice(1).map((part, index, parts): Imported => {
    const end = part.indexOf(END)
    const kept = end === -1 ? undefined : parseJson(part.slice(0, end))
    if (kept === undefined || kept === null || typeof kept !== 'object') return { place: index + 1, message: 'What is known of this item could not be read.' }
    const [body = ''] = part.slice(end + END.length).split(SOLUTION)
    // The heading of the next one.
    return toImported({ ...kept, text: unguarded(index === parts.length - 1 ? body : body.replace(/\n## [^\n]*\n\s*$/, '\n')).trim() }, index + 1)
  })
}

function toImported(value: unknown, place: number): Imported {
  const known = ImportedSchema.safeParse(value)
  if (!known.success) return { place, message: firstIssue(known.error) }
  const { kind, title, text, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, source } = known.data
  const draft = MemoryDraftSchema.safeParse({ kind, title, text, solution, statements, tags, scope, workspaceId, sessionId, importance, sensitivity, trust, expiresAt, pinned, source })
  return draft.success ? { place, draft: draft.data } : { place, message: firstIssue(draft.error) }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return issue ? `${issue.path.join('.') || 'item'}: ${issue.message}` : 'This is no item.'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
