import { memo, useMemo } from 'react'
import { type Definitions, findDefinitions, joinDefinitions, lexMarkdown, noDefinitions } from './lex'
import { LinkGate } from './link-gate'
import { Block } from './render-tokens'
import { splitParts, type TextPart } from './split'

/** Text that a model wrote, as a whole. Long ones are better shown part by part, in a list that keeps only what is in sight. */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  const parts = useMemo(() => splitParts(text.slice(0, maxWholeChars)), [text])
  const definitions = useMemo(() => definitionsOf(parts), [parts])
  return (
    <>
      {parts.map((part) => <MarkdownPart key={part.start} part={part} definitions={definitions} open={false} />)}
      {text.length > maxWholeChars && <p className="text-muted">{(text.length - maxWholeChars).toLocaleString('en')} more characters are not shown.</p>}
    </>
  )
})
const maxWholeChars = 300_000

const known = new WeakMap<TextPart, Definitions>()

/** What the parts of a text define for each other; the same object while it is the same. */
export function definitionsOf(parts: readonly TextPart[]): Definitions {
  const each = parts.map((part) => {
    const definitions = known.get(part) ?? findDefinitions(part.text)
    known.set(part, definitions)
    return definitions
  })
  return joinDefinitions(each)
}

/** One part of a text. `open`: more of it is still being written. */
export const MarkdownPart = memo(
  function MarkdownPart({ part, definitions, open }: { readonly part: TextPart; readonly definitions: Definitions; readonly open: boolean }) {
    const text = part.prefix + part.text
    const tokens = useMemo(() => lexMarkdown(text, definitions, open), [text, definitions, open])
    if (tokens === null) return <div dir="auto" className="markdown break-words whitespace-pre-wrap">{text}</div>
    const shown = tokens.filter((token) => token.type !== 'space' && token.type !== 'def')
    return (
      <LinkGate>
        {shown.map((token, index) => (
          <Block key={index} token={token} context={{ definitions, open: open && index === shown.length - 1 }} />
        ))}
      </LinkGate>
    )
  },
  (before, after) =>
    before.part.text === after.part.text && before.part.prefix === after.part.prefix && before.definitions === after.definitions && before.open === after.open,
)

export { noDefinitions }
