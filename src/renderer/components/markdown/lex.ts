import { Lexer, Marked, type Token, type Tokens } from 'marked'
import remend from 'remend'

/** What a text says once and other parts of it refer to. */
export interface Definitions {
  readonly links: Readonly<Record<string, { readonly href: string; readonly title: string }>>
  /** Text of each note, by its label, in the order in which they are defined. */
  readonly notes: ReadonlyMap<string, string>
}
export const noDefinitions: Definitions = { links: {}, notes: new Map() }

/** A reference to a note (`[^1]`), or a note itself. */
export interface NoteToken {
  readonly type: 'noteRef' | 'note'
  readonly raw: string
  readonly label: string
  readonly tokens?: Token[]
}

/** Deeper than anyone reads, and shallow enough for every parser and browser. */
const maxDepth = 24
const maxIndent = 120

const parser = new Marked({
  gfm: true,
  extensions: [
    {
      // Without a `start`: plain text ends at every bracket anyway, and looking ahead from each would take the square of the text.
      name: 'noteRef',
      level: 'inline',
      tokenizer: (source) => {
        const match = /^\[\^([^\]\s]{1,60})\](?!:)/.exec(source)
        return match?.[1] === undefined ? undefined : { type: 'noteRef', raw: match[0], label: match[1] }
      },
    },
    {
      name: 'note',
      level: 'block',
      start: (source) => /^ {0,3}\[\^/m.exec(source)?.index,
      tokenizer(source) {
        const match = notePattern.exec(source)
        if (match?.[1] === undefined || match.index !== 0) return undefined
        return { type: 'note', raw: match[0], label: match[1], tokens: this.lexer.inlineTokens((match[2] ?? '').trim().replace(/\n[ \t]+/g, '\n')) }
      },
    },
  ],
})
const notePattern = /^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*([^\n]*(?:\n(?: {2,}|\t)[^\n]*)*)(?:\n+|$)/

/** Markdown as tokens; null when it is shown as it is written, since nobody could lay it out. `open`: its end is still being written. */
export function lexMarkdown(text: string, definitions: Definitions, open: boolean): readonly Token[] | null {
  if (isTooDeep(text)) return null
  try {
    const lexer = new Lexer(parser.defaults)
    Object.assign(lexer.tokens.links, definitions.links)
    return lexer.lex(open ? closeOpenEnd(text) : text)
  } catch {
    // The parser gave up on what it was given, for instance since it nests too deep.
    return null
  }
}

const remendOptions = { katex: false, inlineKatex: false, linkMode: 'text-only', images: false, htmlTags: false, comparisonOperators: false } as const

/** Looks at the last paragraph only: markers do not reach further. */
function closeOpenEnd(text: string): string {
  const at = text.lastIndexOf('\n\n') + 1
  const tail = text.slice(at)
  return tail.length > 4_000 || hasOpenFence(text) ? text : text.slice(0, at) + remend(tail, remendOptions)
}

function hasOpenFence(text: string): boolean {
  return (text.match(/^\s*(?:`{3}|~{3})/gm)?.length ?? 0) % 2 === 1
}

function isTooDeep(text: string): boolean {
  for (const [opening] of text.matchAll(/^[ \t>*+-]{12,}|^(?:[ \t]*(?:>|[*+-]|\d{1,9}[.)])[ \t]*){6,}/gm)) {
    const markers = opening.match(/>|[*+-](?=[ \t])|\d[.)]/g)?.length ?? 0
    if (markers > maxDepth || (/^[ \t]*/.exec(opening)?.[0].length ?? 0) > maxIndent) return true
  }
  return false
}

const linkPattern = /^ {0,3}\[(?!\^)([^\]\n]{1,200})\]:[ \t]*<?([^\s>]{1,2000})>?(?:[ \t]+["'(]([^\n]{0,200})["')])?[ \t]*$/gm

/** The definitions in a text; `noDefinitions` itself when there are none. */
export function findDefinitions(text: string): Definitions {
  if (!text.includes(']:')) return noDefinitions
  const links: Record<string, { href: string; title: string }> = Object.create(null)
  for (const [, label = '', href = '', title = ''] of text.matchAll(linkPattern)) links[label.toLowerCase().replace(/\s+/g, ' ')] ??= { href, title }
  const notes = new Map<string, string>()
  for (const [, label = '', note = ''] of text.matchAll(new RegExp(notePattern, 'gm'))) if (!notes.has(label)) notes.set(label, note.trim())
  return Object.keys(links).length === 0 && notes.size === 0 ? noDefinitions : { links, notes }
}

export function joinDefinitions(all: readonly Definitions[]): Definitions {
  const told = all.filter((item) => item !== noDefinitions)
  if (told.length < 2) return told[0] ?? noDefinitions
  return {
    links: Object.assign(Object.create(null), ...told.toReversed().map((item) => item.links)),
    notes: new Map(told.toReversed().flatMap((item) => [...item.notes])),
  }
}

export type { Token, Tokens }
