import { isValidElement, type ReactNode, useState } from 'react'
import { type Components, Streamdown } from 'streamdown'
import { Button } from '../button'
import { safeLink } from './safe-link'
import { safeTree } from './safe-tree'

/** What the renderer hands to an element of ours: attributes of whatever type, checked before use. */
interface ElementProps {
  readonly node?: unknown
  readonly children?: unknown
  readonly href?: unknown
  readonly className?: unknown
}

function isRenderable(value: unknown): value is ReactNode {
  if (Array.isArray(value)) return value.every(isRenderable)
  return value === null || ['undefined', 'string', 'number', 'boolean'].includes(typeof value) || isValidElement(value)
}

function content({ children }: ElementProps): ReactNode {
  return isRenderable(children) ? children : null
}

function textOf(node: unknown): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node)
  if (Array.isArray(node)) return node.map(textOf).join('')
  return isValidElement<ElementProps>(node) ? textOf(node.props.children) : ''
}

/** Opens only on a click, only https, and tells the other side nothing. Any other address is shown as text. */
function Link(props: ElementProps) {
  const safe = safeLink(props.href)
  if (safe === null) return <span>{content(props)}</span>
  return <a href={safe} title={safe} target="_blank" rel="noopener noreferrer">{content(props)}</a>
}

function CodeBlock(props: ElementProps) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(textOf(props.children).replace(/\n$/, ''))
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <div className="group/code relative">
      <pre tabIndex={0} role="group" aria-label="Code" className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2.5">{content(props)}</pre>
      <Button
        small
        className="absolute top-1.5 right-1.5 opacity-0 group-hover/code:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
        onClick={() => void copy().catch(() => undefined)}
      >
        {copied ? 'Copied' : 'Copy code'}
      </Button>
    </div>
  )
}

function Code(props: ElementProps) {
  return <code className={typeof props.className === 'string' ? props.className : undefined}>{content(props)}</code>
}

function Table(props: ElementProps) {
  return <div tabIndex={0} role="group" aria-label="Table" className="overflow-x-auto"><table>{content(props)}</table></div>
}

/** Plain elements throughout: none of the renderer's own pictures, downloads, diagrams or link dialogs. */
const components: Components = {
  a: Link,
  // Pictures are text by now; should one come through, nothing of it is loaded.
  img: () => null,
  pre: CodeBlock,
  table: Table,
  code: Code,
  inlineCode: Code,
  blockquote: 'blockquote', h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6', hr: 'hr', li: 'li', ol: 'ol', p: 'p',
  section: 'section', strong: 'strong', sup: 'sup', tbody: 'tbody', td: 'td', th: 'th', thead: 'thead', tr: 'tr', ul: 'ul',
}
const rehypePlugins = [safeTree]

/** Lazy-loaded through `Markdown`. */
export function RenderedMarkdown({ text, streaming }: { readonly text: string; readonly streaming: boolean }) {
  return (
    <Streamdown
      mode={streaming ? 'streaming' : 'static'}
      parseIncompleteMarkdown={streaming}
      components={components}
      rehypePlugins={rehypePlugins}
      controls={false}
      linkSafety={{ enabled: false }}
    >
      {text}
    </Streamdown>
  )
}
