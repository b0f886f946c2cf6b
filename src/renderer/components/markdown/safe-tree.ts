import { safeLink } from './safe-link'

/** The part of a hast node that is looked at here. */
export interface TreeNode {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: TreeNode[]
}

/** Everything that shown markdown may consist of. What is not listed is replaced by its text. */
const allowedTags: ReadonlySet<string> = new Set([
  'a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'input', 'li', 'ol', 'p', 'pre',
  'section', 'strong', 'sup', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
])

/** A rehype plugin: an allow-list of elements and attributes, https links only, and no image at all. */
export function safeTree(): (tree: TreeNode) => void {
  return (tree) => {
    tree.children = (tree.children ?? []).flatMap(safeNode)
  }
}

function safeNode(node: TreeNode): TreeNode[] {
  if (node.type === 'text') return [{ type: 'text', value: node.value ?? '' }]
  // Raw HTML is shown as the text it is; comments and anything unknown are left out.
  if (node.type === 'raw') return [{ type: 'text', value: node.value ?? '' }]
  if (node.type !== 'element' || node.tagName === undefined) return []
  if (node.tagName === 'img') return [{ type: 'text', value: imageText(node.properties ?? {}) }]
  const children = (node.children ?? []).flatMap(safeNode)
  if (!allowedTags.has(node.tagName)) return children
  return [{ type: 'element', tagName: node.tagName, properties: safeProperties(node), children }]
}

function safeProperties({ tagName, properties = {} }: TreeNode): Record<string, unknown> {
  switch (tagName) {
    case 'a': {
      const href = safeLink(properties['href'])
      return href === null ? {} : { href }
    }
    case 'code': {
      const language = languageOf(properties['className'])
      return language === null ? {} : { className: [`language-${language}`] }
    }
    case 'input': return { type: 'checkbox', disabled: true, checked: properties['checked'] === true }
    case 'ol': return typeof properties['start'] === 'number' ? { start: properties['start'] } : {}
    case 'td':
    case 'th': return ['left', 'right', 'center'].includes(String(properties['align'])) ? { align: properties['align'] } : {}
    default: return {}
  }
}

function languageOf(className: unknown): string | null {
  const names = Array.isArray(className) ? className.map(String) : []
  for (const name of names) {
    const match = /^language-([\w+#.-]{1,30})$/.exec(name)
    if (match?.[1] !== undefined) return match[1]
  }
  return null
}

function imageText(properties: Record<string, unknown>): string {
  const alt = typeof properties['alt'] === 'string' && properties['alt'] !== '' ? properties['alt'] : 'image'
  const source = typeof properties['src'] === 'string' ? properties['src'] : ''
  return source === '' ? `[image: ${alt}]` : `[image: ${alt} (${source.slice(0, 300)})]`
}
