/**
 * The page's security policy allows no style elements, and monaco makes some. Constructed style sheets do the same and
 * are allowed, so the one module of monaco that makes the elements is changed on its way into the build. The build
 * fails when a newer monaco no longer has the lines that are looked for.
 * @returns {import('vite').Plugin}
 */
export function monacoStyles() {
  return {
    name: 'monaco-styles',
    transform(code, id) {
      if (!/monaco-editor\/esm\/vs\/base\/browser\/domStylesheets\.js$/.test(id.split('?')[0])) return null
      return { code: changes.reduce(change, code) + adoptedStyle, map: null }
    },
  }
}

const changes = [
  ["document.createElement('style')", 'adoptedStyle()'],
  ['container.appendChild(style)', 'style.adopt(container.ownerDocument)'],
]

function change(code, [from, to]) {
  if (code.split(from).length !== 2) throw new Error(`monaco-styles: monaco no longer has "${from}" once in domStylesheets.js`)
  return code.replace(from, to)
}

/** What monaco uses of a style element. */
const adoptedStyle = `
function adoptedStyle() {
  const sheet = new CSSStyleSheet({ media: 'screen' })
  let owner = null
  let text = ''
  return {
    sheet,
    get textContent() { return text },
    set textContent(css) { text = css; sheet.replaceSync(css) },
    adopt(document) { owner = document; document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet] },
    remove() { if (owner) owner.adoptedStyleSheets = owner.adoptedStyleSheets.filter((other) => other !== sheet) },
  }
}
`
