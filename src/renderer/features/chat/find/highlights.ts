import { matchesIn } from './count-matches'
import type { MatchPlace } from './match-place'

const names = { all: 'find-match', current: 'find-current' } as const
const maxRanges = 2_000
const everyMs = 80

/** Marks what is found in the rows that are in the page, without changing them. Returns the disposer. */
export function startHighlights(scroller: HTMLElement, query: string, current: MatchPlace | null): () => void {
  const state = { shown: false, timer: 0 }
  const apply = (): void => {
    state.timer = 0
    const all = new Highlight()
    const now = new Highlight()
    for (const article of scroller.querySelectorAll<HTMLElement>('article[data-key]')) {
      const ranges = rangesIn(article, query, maxRanges - all.size)
      const isCurrent = article.dataset['key'] === current?.key
      const chosen = isCurrent && current !== null ? ranges[Math.min(current.nth, ranges.length - 1)] : undefined
      for (const range of ranges) if (range !== chosen) all.add(range)
      if (chosen === undefined) continue
      now.add(chosen)
      if (!state.shown) reveal(scroller, chosen)
      state.shown = true
    }
    CSS.highlights.set(names.all, all)
    CSS.highlights.set(names.current, now)
  }
  const later = (): void => {
    if (state.timer === 0) state.timer = window.setTimeout(apply, everyMs)
  }
  apply()
  const observer = new MutationObserver(later)
  observer.observe(scroller, { subtree: true, childList: true, characterData: true })
  return () => {
    observer.disconnect()
    window.clearTimeout(state.timer)
    CSS.highlights.delete(names.all)
    CSS.highlights.delete(names.current)
  }
}

/** A match may begin in one piece of text and end in another, as in the middle of a coloured word. */
function rangesIn(root: HTMLElement, query: string, max: number): readonly Range[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const nodes: { readonly node: Node; readonly start: number }[] = []
  let text = ''
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node, start: text.length })
    text += node.nodeValue ?? ''
  }
  return matchesIn(text, query).slice(0, Math.max(0, max)).map((at) => {
    const range = document.createRange()
    const [from, until] = [placeOf(nodes, at), placeOf(nodes, at + query.length - 1)]
    if (from !== null) range.setStart(from.node, from.offset)
    if (until !== null) range.setEnd(until.node, until.offset + 1)
    return range
  })
}

function placeOf(nodes: readonly { readonly node: Node; readonly start: number }[], at: number): { readonly node: Node; readonly offset: number } | null {
  let [low, high] = [0, nodes.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((nodes[middle]?.start ?? 0) <= at) low = middle
    else high = middle - 1
  }
  const found = nodes[low]
  if (found === undefined) return null
  return { node: found.node, offset: Math.min(at - found.start, Math.max(0, (found.node.nodeValue?.length ?? 1) - 1)) }
}

/** Boxes that scroll inside themselves are scrolled as well. */
function reveal(scroller: HTMLElement, range: Range): void {
  const box = scroller.getBoundingClientRect()
  range.startContainer.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  const rect = range.getBoundingClientRect()
  if (rect.top < box.top + 60 || rect.bottom > box.bottom - 40) scroller.scrollTop += rect.top - box.top - box.height / 3
}
