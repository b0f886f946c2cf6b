import { createDocument } from '@mixmark-io/domino'
import TurndownService from 'turndown'
import type { ReadReply } from './protocol'

/** Less text than this share of the page is not what the page is about. */
const LEAST_SHARE = 0.3

/** What a page is about as Markdown: its main part where it marks one, or all of it. Runs no script of it and loads nothing. */
export function toReadable(html: string, url: string): ReadReply {
  const document = createDocument(html, true)
  const { title, body } = document
  const marked = Array.from(document.querySelectorAll('main, [role=main], article')).sort((a, b) => b.textContent.length - a.textContent.length)[0]
  const main = marked !== undefined && marked.textContent.length >= body.textContent.length * LEAST_SHARE ? marked : body
  return { title: title.replace(/\s+/g, ' ').trim().slice(0, 500) || null, text: markdownOf(main.innerHTML, url) }
}

function markdownOf(html: string, url: string): string {
  const turndown = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-', hr: '---' })
  turndown.remove(['script', 'style', 'noscript', 'iframe', 'nav', 'footer', 'aside', 'template', 'button'])
  turndown.addRule('links', {
    filter: 'a',
    replacement: (content, node) => {
      const href = 'getAttribute' in node ? (node.getAttribute('href') ?? '') : ''
      const target = URL.canParse(href, url) ? new URL(href, url) : null
      return content.trim() !== '' && target?.protocol.startsWith('http') === true ? `[${content}](${target.href})` : content
    },
  })
  turndown.addRule('pictures', {
    filter: 'img',
    replacement: (_content, node) => {
      const words = 'getAttribute' in node ? (node.getAttribute('alt') ?? '').trim() : ''
      return words === '' ? '' : `[picture: ${words}]`
    },
  })
  return turndown.turndown(html).replace(/\n{3,}/g, '\n\n').trim()
}
