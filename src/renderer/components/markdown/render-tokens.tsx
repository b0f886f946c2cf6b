import { memo, type ReactNode } from 'react'
import { CodeBlock } from './code-block'
import { DiagramBlock, maxDiagramChars } from './diagram'
import { decodeEntities } from './entities'
import type { Definitions, Token, Tokens } from './lex'
import { NoteReference, noteNumber } from './notes'
import { safeLink } from './safe-link'
import { TableBlock } from './table-block'

export interface RenderContext {
  readonly definitions: Definitions
  /** The end of the text is still being written. */
  readonly open: boolean
}

const maxDepth = 60

/** One block of a text. Laid out anew only when its own words change. */
export const Block = memo(
  function Block({ token, context }: { readonly token: Token; readonly context: RenderContext }) {
    return renderBlock(token, context, 0)
  },
  (before, after) =>
    before.token.raw === after.token.raw && before.token.type === after.token.type &&
    before.context.definitions === after.context.definitions && before.context.open === after.context.open,
)

/** Every element that shown markdown may consist of is made here, by name; text is only ever text. */
function renderBlock(token: Token, context: RenderContext, depth: number): ReactNode {
  if (depth > maxDepth) return token.raw
  if (isType(token, 'heading')) return heading(token.depth, renderInline(token.tokens, context, depth + 1))
  if (isType(token, 'paragraph')) return <p>{renderInline(token.tokens, context, depth + 1)}</p>
  if (isType(token, 'code')) return <Code token={token} open={context.open} />
  if (isType(token, 'blockquote')) return <blockquote>{renderBlocks(token.tokens, context, depth + 1)}</blockquote>
  if (isType(token, 'list')) return <List token={token} context={context} depth={depth} />
  if (isType(token, 'table')) return <TableBlock table={token} renderCell={(tokens) => renderInline(tokens, context, depth + 1)} />
  if (isType(token, 'hr')) return <hr />
  if (isType(token, 'html')) return <p className="whitespace-pre-wrap">{token.raw.trimEnd()}</p>
  if (token.type === 'note') return <Note token={token} context={context} depth={depth} />
  if (isType(token, 'text')) return token.tokens === undefined ? decodeEntities(token.text) : renderInline(token.tokens, context, depth + 1)
  if (token.type === 'space' || token.type === 'def' || token.type === 'checkbox') return null
  return renderInline([token], context, depth)
}

export function renderBlocks(tokens: readonly Token[], context: RenderContext, depth: number): ReactNode {
  return tokens.map((token, index) => {
    const content = renderBlock(token, context, depth)
    return content === null ? null : <Keyed key={index}>{content}</Keyed>
  })
}

function Keyed({ children }: { readonly children: ReactNode }) {
  return children
}

function Code({ token, open }: { readonly token: Tokens.Code; readonly open: boolean }) {
  const code = { code: token.text, language: languageOf(token.lang), open }
  const isDiagram = code.language === 'mermaid' && !open && token.text.length <= maxDiagramChars && token.text.trim() !== ''
  return isDiagram ? <DiagramBlock {...code} /> : <CodeBlock {...code} />
}

function heading(depth: number, content: ReactNode): ReactNode {
  // The page has its own first and second headings.
  if (depth <= 1) return <h3>{content}</h3>
  if (depth === 2) return <h4>{content}</h4>
  return depth === 3 ? <h5>{content}</h5> : <h6>{content}</h6>
}

function List({ token, context, depth }: { readonly token: Tokens.List; readonly context: RenderContext; readonly depth: number }) {
  const items = token.items.map((item, index) => (
    <li key={index}>
      {item.task && <input type="checkbox" disabled readOnly checked={item.checked ?? false} aria-label={item.checked === true ? 'Done' : 'Not done'} />}
      {renderBlocks(item.tokens, context, depth + 1)}
    </li>
  ))
  return token.ordered ? <ol start={token.start === '' ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>
}

function Note({ token, context, depth }: { readonly token: Token; readonly context: RenderContext; readonly depth: number }) {
  const label = 'label' in token ? String(token.label) : ''
  return (
    <p className="note">
      <sup>{noteNumber(context.definitions, label)}</sup> {renderInline('tokens' in token ? token.tokens ?? [] : [], context, depth + 1)}
    </p>
  )
}

export function renderInline(tokens: readonly Token[], context: RenderContext, depth: number): ReactNode {
  return tokens.map((token, index) => <Keyed key={index}>{renderSpan(token, context, depth)}</Keyed>)
}

function renderSpan(token: Token, context: RenderContext, depth: number): ReactNode {
  if (depth > maxDepth) return token.raw
  if (isType(token, 'strong')) return <strong>{renderInline(token.tokens, context, depth + 1)}</strong>
  if (isType(token, 'em')) return <em>{renderInline(token.tokens, context, depth + 1)}</em>
  if (isType(token, 'del')) return <del>{renderInline(token.tokens, context, depth + 1)}</del>
  if (isType(token, 'codespan')) return <code>{token.text}</code>
  if (isType(token, 'br')) return <br />
  if (isType(token, 'link')) return <Link token={token}>{renderInline(token.tokens, context, depth + 1)}</Link>
  if (isType(token, 'image')) return imageText(token)
  if (isType(token, 'escape')) return token.text
  if (isType(token, 'html')) return token.raw
  if (isType(token, 'text')) return token.tokens === undefined ? decodeEntities(token.text) : renderInline(token.tokens, context, depth + 1)
  if (token.type === 'noteRef') {
    const label = 'label' in token ? String(token.label) : ''
    const note = context.definitions.notes.get(label)
    return note === undefined ? token.raw : <NoteReference number={noteNumber(context.definitions, label)} text={note} />
  }
  if (token.type === 'checkbox' || token.type === 'space' || token.type === 'def') return null
  return token.raw
}

/** Opens only after a click and a yes, only https, and tells the other side nothing. Any other address is shown as text. */
function Link({ token, children }: { readonly token: Tokens.Link; readonly children: ReactNode }) {
  const safe = safeLink(token.autolink === true ? token.href : decodeEntities(token.href))
  if (safe === null) return <span>{children}</span>
  return <a href={safe} title={safe} target="_blank" rel="noopener noreferrer">{children}</a>
}

/** A picture would be a request: its words and its address stand in its place. */
function imageText({ text, href }: Tokens.Image): string {
  const words = text === '' ? 'image' : decodeEntities(text)
  return href === '' ? `[image: ${words}]` : `[image: ${words} (${href.slice(0, 300)})]`
}

function languageOf(info: string | undefined): string {
  return /^[\w+#.-]{1,30}/.exec(info?.trim() ?? '')?.[0].toLowerCase() ?? ''
}

interface TokenTypes {
  readonly heading: Tokens.Heading
  readonly paragraph: Tokens.Paragraph
  readonly code: Tokens.Code
  readonly blockquote: Tokens.Blockquote
  readonly list: Tokens.List
  readonly table: Tokens.Table
  readonly hr: Tokens.Hr
  readonly html: Tokens.HTML
  readonly text: Tokens.Text
  readonly strong: Tokens.Strong
  readonly em: Tokens.Em
  readonly del: Tokens.Del
  readonly codespan: Tokens.Codespan
  readonly br: Tokens.Br
  readonly link: Tokens.Link
  readonly image: Tokens.Image
  readonly escape: Tokens.Escape
}

/** The tokens of the parser are told apart by their type; one of its types is open, so the compiler cannot do it. */
function isType<K extends keyof TokenTypes>(token: Token, type: K): token is TokenTypes[K] {
  return token.type === type
}
