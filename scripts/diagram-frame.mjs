import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = 'resources/diagram'

/**
 * Puts the page that draws diagrams beside the window: `diagram/frame.html`, with its script and mermaid, as it was
 * published, inside. A page of no origin may load nothing, not even from here; its own policy names the two scripts that
 * run, by their content.
 * @returns {import('vite').Plugin}
 */
export function diagramFrame() {
  return {
    name: 'diagram-frame',
    generateBundle() {
      const mermaid = join(dirname(createRequire(import.meta.url).resolve('mermaid/package.json')), 'dist', 'mermaid.min.js')
      const scripts = [mermaid, join(folder, 'frame.js')].map((path) => readFileSync(path, 'utf8'))
      if (scripts.some((script) => /<\/?script/i.test(script))) throw new Error('diagram-frame: a script that names script elements cannot stand in a page')
      const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`)
      const page = readFileSync(join(folder, 'frame.html'), 'utf8')
        .replace('SCRIPT_HASHES', hashes.join(' '))
        .replace('<!-- scripts -->', () => scripts.map((script) => `<script>${script}</script>`).join('\n'))
      this.emitFile({ type: 'asset', fileName: 'diagram/frame.html', source: page })
    },
  }
}
