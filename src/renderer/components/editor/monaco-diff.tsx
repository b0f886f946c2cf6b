import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/diffEditor/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/unicodeHighlighter/register'
import { editor } from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'
import { useEffect, useRef } from 'react'
import { sixDigits } from './hex'
import { languageOf } from './languages'

export interface MonacoDiffProps {
  readonly path: string
  readonly before: string
  readonly after: string
  readonly sideBySide: boolean
  readonly label: string
}

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }

const themeName = 'trestle'

/** Two texts and what is different, read-only. Lives in a chunk of its own: import it through `DiffEditor`. */
export function MonacoDiff({ path, before, after, sideBySide, label }: MonacoDiffProps) {
  const host = useRef<HTMLDivElement>(null)
  const shown = useRef<editor.IStandaloneDiffEditor | null>(null)
  useEffect(() => {
    if (host.current === null) return
    const created = editor.createDiffEditor(host.current, {
      readOnly: true,
      automaticLayout: true,
      useShadowDOM: false,
      contextmenu: false,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderOverviewRuler: false,
      fontSize: 12,
      lineNumbersMinChars: 4,
      hideUnchangedRegions: { enabled: true },
      useInlineViewWhenSpaceIsLimited: true,
      renderSideBySideInlineBreakpoint: 620,
      accessibilityVerbose: false,
      fixedOverflowWidgets: true,
    })
    shown.current = created
    const disposeTheme = followTheme()
    return () => {
      disposeTheme()
      shown.current = null
      const model = created.getModel()
      created.dispose()
      model?.original.dispose()
      model?.modified.dispose()
    }
  }, [])
  useEffect(() => {
    shown.current?.updateOptions({ renderSideBySide: sideBySide })
    shown.current?.getOriginalEditor().updateOptions({ ariaLabel: `${label}, before` })
    shown.current?.getModifiedEditor().updateOptions({ ariaLabel: `${label}, after` })
  }, [sideBySide, label])
  useEffect(() => {
    const old = shown.current?.getModel()
    const language = languageOf(path)
    shown.current?.setModel({ original: editor.createModel(before, language), modified: editor.createModel(after, language) })
    old?.original.dispose()
    old?.modified.dispose()
  }, [path, before, after])
  return <div ref={host} className="h-full min-h-0 w-full" />
}

/** Monaco has one theme for the page; it follows that of the window. Returns the disposer. */
function followTheme(): () => void {
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
  // Its own green of numbers is too light on the colour of a removed line.
  return { colors, rules: [{ token: 'number', foreground: token('success').slice(1) }] }
}
