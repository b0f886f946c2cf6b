import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/diffEditor/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/unicodeHighlighter/register'
import { editor } from 'monaco-editor/editor'
import { useEffect, useRef } from 'react'
import { type DiffTexts, showInDiff } from './diff-texts'
import { languageOf } from './languages'
import { followTheme } from './monaco-theme'
import { codeSize } from '../../lib/code-size'

export interface MonacoDiffProps {
  readonly path: string
  readonly before: string
  readonly after: string
  readonly sideBySide: boolean
  readonly label: string
}

/** Two texts and what is different, read-only. Lives in a chunk of its own: import it through `DiffEditor`. */
export function MonacoDiff({ path, before, after, sideBySide, label }: MonacoDiffProps) {
  const host = useRef<HTMLDivElement>(null)
  const shown = useRef<editor.IStandaloneDiffEditor | null>(null)
  const texts = useRef<DiffTexts | null>(null)
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
      fontSize: codeSize() - 1,
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
      created.dispose()
      texts.current?.release()
      texts.current = null
    }
  }, [])
  useEffect(() => {
    shown.current?.updateOptions({ renderSideBySide: sideBySide })
    shown.current?.getOriginalEditor().updateOptions({ ariaLabel: `${label}, before` })
    shown.current?.getModifiedEditor().updateOptions({ ariaLabel: `${label}, after` })
  }, [sideBySide, label])
  useEffect(() => {
    if (shown.current === null) return
    const old = texts.current
    texts.current = showInDiff(shown.current, before, after, languageOf(path))
    old?.release()
  }, [path, before, after])
  return <div ref={host} className="h-full min-h-0 w-full" />
}
