/**
 * The page's security policy allows no style elements, and xterm makes three. Constructed style sheets do the same and are
 * allowed, so its module is changed on its way into the build: what it makes is an empty element whose text goes into a
 * sheet. The build fails when a newer xterm no longer makes them as expected.
 * @returns {import('vite').Plugin}
 */
export function terminalStyles() {
  return {
    name: 'terminal-styles',
    transform(code, id) {
      if (!/@xterm\/xterm\/lib\/xterm\.mjs$/.test(id.split('?')[0])) return null
      const pattern = /([\w.]+)\.createElement\("style"\)/g
      if ([...code.matchAll(pattern)].length !== 3) throw new Error('terminal-styles: xterm no longer makes three style elements')
      return { code: code.replace(pattern, 'adoptedStyle($1)') + adoptedStyle, map: null }
    },
  }
}

const adoptedStyle = `
function adoptedStyle(document) {
  const sheet = new CSSStyleSheet()
  const element = document.createElement('template')
  const remove = element.remove.bind(element)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', { set(css) { sheet.replaceSync(css) } })
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet)
    remove()
  }
  return element
}
`
