import { editor } from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import { sixDigits } from './hex'

const themeName = 'trestle'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }

/** Monaco has one theme for the page; it follows that of the window. Returns the disposer. */
export function followTheme(): () => void {
  const root = document.documentElement
  const apply = (): void => {
    const { rules, colors } = themeOf(root)
    editor.defineTheme(themeName, { base: root.dataset['theme'] === 'dark' ? 'vs-dark' : 'vs', inherit: true, rules, colors })
    editor.setTheme(themeName)
  }
  apply()
  const observer = new MutationObserver(apply)
  observer.observe(root, { attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

/** The colours of the window, as tokens.css has them; monaco takes hex only, with the opacity at its end. */
function themeOf(root: HTMLElement): Pick<editor.IStandaloneThemeData, 'rules' | 'colors'> {
  const style = getComputedStyle(root)
  const token = (name: string): string => sixDigits(style.getPropertyValue(`--${name}`).trim())
  const colors = {
    'editor.background': token('surface'),
    'editor.foreground': token('ink'),
    'editorLineNumber.foreground': token('muted'),
    'editorLineNumber.activeForeground': token('ink'),
    'diffEditor.removedLineBackground': token('danger-soft'),
    'diffEditor.removedTextBackground': `${token('danger')}14`,
    'diffEditor.insertedLineBackground': token('success-soft'),
    'diffEditor.insertedTextBackground': `${token('success')}14`,
    'diffEditor.unchangedRegionBackground': token('sunken'),
    'diffEditor.unchangedRegionForeground': token('muted'),
  }
  // Its own greens are too light: of numbers on the colour of a removed line, of comments on the dark surface.
  return { colors, rules: [{ token: 'number', foreground: token('success').slice(1) }, { token: 'comment', foreground: token('muted').slice(1) }] }
}
