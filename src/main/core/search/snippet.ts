import type { SearchHit } from '#contract/search'
import type { SearchTerm } from './query'

type Snippet = SearchHit['snippet']

const BEFORE = 50
const LENGTH = 180

/** A piece of `text` around the first of the terms that it has, on one line, with all their places in it marked. */
export function snippetOf(text: string, terms: readonly SearchTerm[]): Snippet {
  const places = placesOf(text, terms)
  const first = places[0]?.from ?? 0
  const from = first <= BEFORE ? 0 : wordStart(text, first - BEFORE)
  const to = Math.min(text.length, from + LENGTH)
  const parts: { text: string; hit: boolean }[] = []
  let at = from
  for (const place of places) {
    if (place.from < at) continue
    if (place.from >= to) break
    parts.push({ text: text.slice(at, place.from), hit: false }, { text: text.slice(place.from, Math.min(place.to, to)), hit: true })
    at = Math.min(place.to, to)
  }
  parts.push({ text: text.slice(at, to), hit: false })
  const lines = parts.map((part) => ({ ...part, text: oneLine(part.text) })).filter((part) => part.text !== '')
  if (from > 0) lines.unshift({ text: '… ', hit: false })
  if (to < text.length) lines.push({ text: ' …', hit: false })
  return lines
}

interface Place {
  readonly from: number
  readonly to: number
}

function placesOf(text: string, terms: readonly SearchTerm[]): Place[] {
  const patterns = terms.map((term) => patternOf(term))
  const exact = patterns.flatMap((pattern) => matches(text, pattern))
  const found = exact.length > 0 ? exact : foldedPlaces(text, terms)
  return found.sort((left, right) => left.from - right.from)
}

const MOST_PLACES = 20

function matches(text: string, pattern: RegExp): Place[] {
  const places: Place[] = []
  for (const match of text.matchAll(pattern)) {
    places.push({ from: match.index, to: match.index + match[0].length })
    if (places.length === MOST_PLACES) break
  }
  return places
}

function patternOf({ words, prefix }: SearchTerm): RegExp {
  const inner = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('[^\\p{L}\\p{N}]+')
  return new RegExp(`(?<![\\p{L}\\p{N}])${inner}${prefix ? '[\\p{L}\\p{N}\\p{M}]*' : '(?![\\p{L}\\p{N}])'}`, 'giu')
}

/** The index knows no accents: `café` is found by `cafe`. Only then is it looked for character by character. */
function foldedPlaces(text: string, terms: readonly SearchTerm[]): Place[] {
  const starts: number[] = []
  let folded = ''
  let index = 0
  for (const char of text) {
    const plain = fold(char)
    for (let unit = 0; unit < plain.length; unit += 1) starts.push(index)
    folded += plain
    index += char.length
  }
  starts.push(text.length)
  const plainTerms = terms.map((term) => ({ ...term, words: term.words.map(fold) }))
  return plainTerms.flatMap((term) => matches(folded, patternOf(term)))
    .map(({ from, to }) => ({ from: starts[from] ?? 0, to: starts[to] ?? text.length }))
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** Never inside of a word, nor of a character. */
function wordStart(text: string, near: number): number {
  const space = text.slice(near, near + BEFORE).search(/\s/)
  if (space !== -1) return near + space + 1
  const code = text.charCodeAt(near)
  return code >= 0xdc00 && code <= 0xdfff ? near + 1 : near
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
