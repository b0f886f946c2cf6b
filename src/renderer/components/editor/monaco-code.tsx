import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codeEditor/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/lineSelection/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/longLinesHelper/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/smartSelect/register'
import 'monaco-editor/features/toggleTabFocusMode/register'
import 'monaco-editor/features/unicodeHighlighter/register'
import 'monaco-editor/features/wordHighlighter/register'
import 'monaco-editor/features/wordOperations/register'
import { editor } from 'monaco-editor/editor'
import { useEffect, useEffectEvent, useRef } from 'react'
import { followTheme } from './monaco-theme'
import { createTextModels, type TextModels } from './text-models'
import { codeSize } from '../../lib/code-size'

export interface CodeTarget {
  /** Another one is shown anew, also at the same place. */
  readonly id: number
  /** From 1. */
  readonly line: number
  readonly column?: number
  readonly length?: number
  /** Whether what is typed next goes there. */
  readonly focus: boolean
}

export interface CodeSelection {
  readonly text: string
  readonly startLine: number
  readonly endLine: number
}

export interface MonacoCodeProps {
  /** Of the text that is shown. */
  readonly documentKey: string
  readonly path: string
  readonly label: string
  /** When it rises, `read` has another text than the editor. */
  readonly revision: number
  /** All texts that are open: the history of these is kept. */
  readonly openKeys: readonly string[]
  readonly read: (key: string) => string
  readonly onEdit: (key: string, read: () => string) => void
  /** `read` of an edit does not work any more: this was its last text. */
  readonly onRelease: (key: string, read: () => string, text: string) => void
  readonly target: CodeTarget | null
  readonly onSelect?: (selection: CodeSelection | null) => void
}

/** One editor for all open texts. Lives in a chunk of its own: import it through `CodeEditor`. */
export function MonacoCode({ documentKey, path, label, revision, openKeys, read, onEdit, onRelease, target, onSelect }: MonacoCodeProps) {
  const host = useRef<HTMLDivElement>(null)
  const shown = useRef<{ readonly code: editor.IStandaloneCodeEditor; readonly models: TextModels } | null>(null)
  const tellEdit = useEffectEvent((key: string, readText: () => string) => onEdit(key, readText))
  const tellRelease = useEffectEvent((key: string, readText: () => string, text: string) => onRelease(key, readText, text))
  const tellSelection = useEffectEvent((selection: CodeSelection | null) => onSelect?.(selection))
  useEffect(() => {
    if (host.current === null) return
    const code = editor.create(host.current, { ...options, fontSize: codeSize() })
    const models = createTextModels({ onEdit: (key, readText) => tellEdit(key, readText), onRelease: (key, readText, text) => tellRelease(key, readText, text) })
    shown.current = { code, models }
    const disposeTheme = followTheme()
    const selection = code.onDidChangeCursorSelection(() => tellSelection(selectionOf(code)))
    return () => {
      selection.dispose()
      disposeTheme()
      shown.current = null
      code.dispose()
      models.dispose()
    }
  }, [])
  useEffect(() => {
    const current = shown.current
    if (current === null) return
    current.code.setModel(current.models.get(documentKey, path, read(documentKey)))
    current.code.restoreViewState(current.models.views.get(documentKey) ?? null)
    return () => {
      if (shown.current !== null) current.models.views.set(documentKey, current.code.saveViewState())
    }
  }, [documentKey, path, read])
  useEffect(() => {
    shown.current?.models.replace(documentKey, read(documentKey))
  }, [documentKey, revision, read])
  useEffect(() => shown.current?.models.keep(new Set(openKeys)), [openKeys])
  useEffect(() => shown.current?.code.updateOptions({ ariaLabel: label }), [label])
  useEffect(() => {
    const code = shown.current?.code
    if (target === null || code === undefined) return
    const start = { lineNumber: target.line, column: target.column ?? 1 }
    code.setSelection({ startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: start.lineNumber, endColumn: start.column + (target.length ?? 0) })
    code.revealPositionInCenter(start)
    if (target.focus) code.focus()
  }, [target, documentKey])
  return <div ref={host} className="h-full min-h-0 w-full" />
}

const options: editor.IStandaloneEditorConstructionOptions = {
  model: null,
  automaticLayout: true,
  useShadowDOM: false,
  contextmenu: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  lineNumbersMinChars: 4,
  fixedOverflowWidgets: true,
  links: false,
  colorDecorators: false,
  quickSuggestions: false,
  wordBasedSuggestions: 'off',
  renderWhitespace: 'selection',
  occurrencesHighlight: 'singleFile',
  stickyScroll: { enabled: false },
  largeFileOptimizations: true,
  stopRenderingLineAfter: 10_000,
  maxTokenizationLineLength: 20_000,
  detectIndentation: true,
  unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: true },
  padding: { top: 6, bottom: 6 },
}

function selectionOf(code: editor.IStandaloneCodeEditor): CodeSelection | null {
  const [selection, model] = [code.getSelection(), code.getModel()]
  if (selection === null || model === null || selection.isEmpty()) return null
  return { text: model.getValueInRange(selection), startLine: selection.startLineNumber, endLine: selection.endLineNumber }
}
