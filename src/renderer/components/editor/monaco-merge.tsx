import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/diffEditor/register'
import 'monaco-editor/features/find/register'
import { editor } from 'monaco-editor/editor'
import { useEffect, useEffectEvent, useRef } from 'react'
import { showInDiff } from './diff-texts'
import { languageOf } from './languages'
import { followTheme } from './monaco-theme'
import { codeSize } from '../../lib/code-size'

export interface MonacoMergeProps {
  readonly path: string
  readonly theirs: string
  /** At first; then what is typed goes to `onEdit`. */
  readonly mine: string
  readonly onEdit: (read: () => string) => void
  readonly onRelease: (read: () => string, text: string) => void
}

/** Theirs on the left, mine on the right, where it can be changed. */
export function MonacoMerge({ path, theirs, mine, onEdit, onRelease }: MonacoMergeProps) {
  const host = useRef<HTMLDivElement>(null)
  const original = useRef<editor.ITextModel | null>(null)
  const tell = useEffectEvent((read: () => string) => onEdit(read))
  const tellRelease = useEffectEvent((read: () => string, text: string) => onRelease(read, text))
  const first = useRef({ path, theirs, mine })
  useEffect(() => {
    if (host.current === null) return
    const created = editor.createDiffEditor(host.current, {
      originalEditable: false, readOnly: false, automaticLayout: true, useShadowDOM: false, contextmenu: false, minimap: { enabled: false }, scrollBeyondLastLine: false,
      renderOverviewRuler: false, fontSize: codeSize() - 1, lineNumbersMinChars: 4, useInlineViewWhenSpaceIsLimited: true, renderSideBySideInlineBreakpoint: 520,
      accessibilityVerbose: false, fixedOverflowWidgets: true, renderMarginRevertIcon: true, links: false,
    })
    const texts = showInDiff(created, first.current.theirs, first.current.mine, languageOf(first.current.path))
    original.current = texts.original
    created.getOriginalEditor().updateOptions({ ariaLabel: 'On disk' })
    created.getModifiedEditor().updateOptions({ ariaLabel: 'Mine, can be changed' })
    const read = (): string => texts.modified.getValue()
    const listener = texts.modified.onDidChangeContent(() => tell(read))
    const disposeTheme = followTheme()
    return () => {
      tellRelease(read, read())
      listener.dispose()
      disposeTheme()
      original.current = null
      created.dispose()
      texts.release()
    }
  }, [])
  useEffect(() => {
    if (original.current !== null && original.current.getValue() !== theirs) original.current.setValue(theirs)
  }, [theirs])
  return <div ref={host} className="h-full min-h-0 w-full" />
}
