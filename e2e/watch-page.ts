import type { Page } from '@playwright/test'

export interface Seen {
  readonly outside: string[]
  readonly dialogs: string[]
}

/** Requests and pages that lead away from the app's own host, and dialogs of the browser. */
export function watchPage(page: Page, own: string): Seen {
  const seen: Seen = { outside: [], dialogs: [] }
  page.on('request', (request) => {
    if (!request.url().startsWith(own)) seen.outside.push(request.url())
  })
  page.on('popup', (popup) => seen.outside.push(popup.url()))
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  return seen
}

/** Every element that ever was in the page and that no text may bring there, even for one frame. Counts from the next load on. */
export async function watchElements(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const found: string[] = []
    Object.assign(window, { found })
    const forbidden = 'img, script, style, iframe, object, embed, link, meta, base, video, audio, marquee, svg a, svg script, svg image, foreignObject, form[action], details[ontoggle]'
    const judge = (element: Element) => {
      if (element.closest('body') === null) return
      if (element.matches(forbidden)) found.push(element.outerHTML.slice(0, 200))
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name) || /javascript:|vbscript:|data:/i.test(name === 'href' || name === 'src' || name === 'xlink:href' ? value.replaceAll(/[\s\u0000-\u001f]/g, '') : '')) found.push(`${element.tagName} ${name}=${value.slice(0, 100)}`)
        if (name === 'style' && /url\(|expression\(/i.test(value)) found.push(`${element.tagName} style=${value.slice(0, 100)}`)
      }
    }
    new MutationObserver((records) => {
      // What the page itself is made of is read before this: only what comes later is judged.
      if (document.readyState === 'loading') return
      for (const { target, addedNodes } of records) {
        for (const node of [target, ...addedNodes]) {
          if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(judge)
        }
      }
    }).observe(document, { subtree: true, childList: true, attributes: true })
  })
}

export const elementsFound = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { found: string[] }).found)
