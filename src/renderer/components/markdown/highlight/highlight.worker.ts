import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type ThemedToken } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import { languageByName } from './language-names'
import { loadLanguage } from './languages'
import { type ColouredLines, type ColouredSpan, type Question, tokenKinds } from './protocol'

/** Colours code away from the window. A regular expression that runs away stops only this thread, which is then replaced. */
const kindByColour: ReadonlyMap<string, number> = new Map([
  ...tokenKinds.map((kind, index) => [`var(--shiki-token-${kind})`, index] as const),
  ['var(--shiki-token-string-expression)', tokenKinds.indexOf('string')],
])

// The engine of regular expressions is JavaScript's own: the page's policy allows no WebAssembly.
const started = createHighlighterCore({
  themes: [createCssVariablesTheme({ name: 'trestle', variablePrefix: '--shiki-' })],
  langs: [],
  engine: createJavaScriptRegexEngine({ forgiving: true }),
})
const loaded = new Map<string, Promise<void>>()

self.addEventListener('message', (event: MessageEvent<Question>) => {
  const { id, code, language } = event.data
  colour(code, language).then(
    (lines) => self.postMessage({ id, lines }),
    () => self.postMessage({ id, lines: null }),
  )
})

async function colour(code: string, name: string): Promise<ColouredLines | null> {
  const language = languageByName(name)
  if (language === null) return null
  const highlighter = await started
  await ensureLoaded(highlighter, language.id)
  const { tokens } = highlighter.codeToTokens(code, { lang: language.id, theme: 'trestle', tokenizeMaxLineLength: 2_000, tokenizeTimeLimit: 200 })
  return tokens.map(spansOf)
}

function ensureLoaded(highlighter: HighlighterCore, language: Parameters<typeof loadLanguage>[0]): Promise<void> {
  const known = loaded.get(language) ?? loadLanguage(language).then((grammar) => highlighter.loadLanguage(grammar.default))
  loaded.set(language, known)
  return known
}

/** Neighbours of the same colour are one. */
function spansOf(line: readonly ThemedToken[]): ColouredSpan[] {
  const spans: [string, number][] = []
  for (const { content, color } of line) {
    const kind = kindByColour.get(color ?? '') ?? -1
    const last = spans.at(-1)
    if (last !== undefined && (last[1] === kind || content.trim() === '')) last[0] += content
    else spans.push([content, kind])
  }
  return spans
}
