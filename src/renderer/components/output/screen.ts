import Anser from 'anser'

/** A stretch of a line that looks the same throughout. */
export interface Run {
  readonly text: string
  /** Class names of `output.css`; empty: as plain text. */
  readonly style: string
}
export type Line = readonly Run[]

export interface Screen {
  /** Takes in what the text has more than it had before; another text begins anew. */
  update(text: string): void
  /** Newest last. A line stays the same object until something is written into it. */
  lines(): readonly Line[]
  /** Lines that were let go at the start, to stay inside the bound. */
  dropped(): number
}

interface Cell {
  char: string
  style: string
}

const maxLines = 5_000
/** A line is shown up to here; the whole is in the stored output. */
export const maxLineChars = 4_000
const tabWidth = 8

// What terminals are told beside text (ECMA-48): CSI sequences, OSC strings, single shifts, and the control characters.
const control = /\u001b\[([0-?]*)([ -/]*[@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]|[\u0000-\u001a\u001c-\u001f\u007f]/g
/** What may be the start of a sequence whose rest is still to come. */
const unfinished = /\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b]{0,4096}\u001b?|[ -/]*)?$/

/**
 * Output of a command as a terminal would show it: colours, lines that were written over, progress bars. No cursor
 * beyond that: what draws a whole screen is shown line by line.
 */
export function createScreen(): Screen {
  let seen = ''
  let rest = ''
  let state = fresh()
  const update = (text: string): void => {
    if (text === seen) return
    const goesOn = text.length > seen.length && text.startsWith(seen.slice(0, 64)) && text.startsWith(seen.slice(-256), Math.max(0, seen.length - 256))
    if (!goesOn) [seen, rest, state] = ['', '', fresh()]
    const added = rest + text.slice(seen.length)
    const open = unfinished.exec(added.slice(-4_200))?.[0] ?? ''
    rest = open
    seen = text
    write(state, open === '' ? added : added.slice(0, -open.length))
  }
  return { update, lines: () => settled(state), dropped: () => state.dropped }
}

interface State {
  readonly rows: Cell[][]
  /** What each row looks like; null once something was written into it. */
  readonly shown: (Line | null)[]
  readonly anser: Anser
  row: number
  column: number
  style: string
  dropped: number
}

function fresh(): State {
  return { rows: [[]], shown: [], anser: new Anser(), row: 0, column: 0, style: '', dropped: 0 }
}

function write(state: State, text: string): void {
  let at = 0
  for (const match of text.matchAll(control)) {
    put(state, text.slice(at, match.index))
    at = match.index + match[0].length
    obey(state, match)
  }
  put(state, text.slice(at))
}

function put(state: State, text: string): void {
  if (text === '') return
  const row = rowAt(state)
  state.shown[state.row] = null
  for (const char of text) {
    if (state.column < maxLineChars) {
      while (row.length < state.column) row.push({ char: ' ', style: '' })
      row[state.column] = { char, style: state.style }
    }
    state.column += 1
  }
}

function obey(state: State, [whole, parameters = '', final]: RegExpExecArray): void {
  if (whole === '\n') return feed(state)
  if (whole === '\r') state.column = 0
  else if (whole === '\b') state.column = Math.max(0, state.column - 1)
  else if (whole === '\t') state.column += tabWidth - (state.column % tabWidth)
  else if (final === 'm') state.style = styleOf(state.anser, parameters)
  else if (final === 'K') erase(state, Number(parameters) || 0)
  else if (final === 'G') state.column = Math.max(0, (Number(parameters) || 1) - 1)
  else if (final === 'C') state.column = Math.min(maxLineChars, state.column + (Number(parameters) || 1))
  else if (final === 'D') state.column = Math.max(0, state.column - (Number(parameters) || 1))
  else if (final === 'A') state.row = Math.max(0, state.row - (Number(parameters) || 1))
  else if (final === 'B') for (let count = Math.min(200, Number(parameters) || 1); count > 0; count -= 1) feed(state, state.column)
}

function feed(state: State, column = 0): void {
  state.row += 1
  state.column = column
  rowAt(state)
  // Cutting many at once keeps the cost of a line small.
  const excess = state.rows.length - maxLines
  if (excess < maxLines / 5) return
  state.rows.splice(0, excess)
  state.shown.splice(0, excess)
  state.row = Math.max(0, state.row - excess)
  state.dropped += excess
}

function rowAt(state: State): Cell[] {
  while (state.rows.length <= state.row) state.rows.push([])
  return state.rows[state.row] ?? []
}

/** 0: from here to the end of the line; 1: up to here; 2: all of it. */
function erase(state: State, what: number): void {
  const row = rowAt(state)
  state.shown[state.row] = null
  if (what === 1) for (let at = 0; at <= Math.min(state.column, row.length - 1); at += 1) row[at] = { char: ' ', style: '' }
  else row.length = what === 2 ? 0 : Math.min(row.length, state.column)
}

const names: Readonly<Record<string, string>> = {
  'ansi-red': 'ansi-red', 'ansi-green': 'ansi-green', 'ansi-yellow': 'ansi-yellow', 'ansi-blue': 'ansi-blue', 'ansi-magenta': 'ansi-magenta', 'ansi-cyan': 'ansi-cyan',
}

/** The styles after a sequence that sets them. Colours are those of the window, which can be read in both themes. */
function styleOf(anser: Anser, parameters: string): string {
  const entry = anser.ansiToJson(`\u001b[${parameters}mx`, { json: true, use_classes: true, remove_empty: true }).at(-1)
  if (entry === undefined) return ''
  const colour = names[(entry.fg ?? '').replace('bright-', '')]
  const decorations = (entry.decorations ?? []).filter((name) => ['bold', 'dim', 'italic', 'underline', 'strikethrough', 'reverse'].includes(name)).map((name) => `ansi-${name}`)
  return [...(colour === undefined ? [] : [colour]), ...(entry.bg === null || entry.bg === undefined || entry.bg === '' ? [] : ['ansi-marked']), ...decorations].join(' ')
}

function settled(state: State): readonly Line[] {
  return state.rows.map((row, index) => {
    const line = state.shown[index] ?? runsOf(row)
    state.shown[index] = line
    return line
  })
}

function runsOf(row: readonly Cell[]): Line {
  const runs: { text: string; style: string }[] = []
  for (const { char, style } of row) {
    const last = runs.at(-1)
    if (last !== undefined && last.style === style) last.text += char
    else runs.push({ text: char, style })
  }
  return runs
}
