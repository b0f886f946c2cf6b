import { editor, type IDisposable, Range } from 'monaco-editor/editor'
import { languageOf } from './languages'

export interface ModelEvents {
  readonly onEdit: (key: string, read: () => string) => void
  /** `read` does not work any more: this was its last text. */
  readonly onRelease: (key: string, read: () => string, text: string) => void
}

/** Texts that are open, each with its history of changes, from tab to tab. */
export interface TextModels {
  /** Makes it with `text` when it is not there. */
  get(key: string, path: string, text: string): editor.ITextModel
  /** As little as possible is replaced, so that the cursor and the history stay; no edit of the person's. */
  replace(key: string, text: string): void
  readonly views: Map<string, editor.ICodeEditorViewState | null>
  /** Lets go of all that are not open any more. */
  keep(keys: ReadonlySet<string>): void
  dispose(): void
}

export function createTextModels({ onEdit, onRelease }: ModelEvents): TextModels {
  const models = new Map<string, { readonly model: editor.ITextModel; readonly listener: IDisposable; readonly read: () => string }>()
  const views = new Map<string, editor.ICodeEditorViewState | null>()
  let replacing = false
  const drop = (key: string): void => {
    const known = models.get(key)
    models.delete(key)
    views.delete(key)
    if (known === undefined) return
    onRelease(key, known.read, known.read())
    known.listener.dispose()
    known.model.dispose()
  }
  return {
    views,
    get: (key, path, text) => {
      const known = models.get(key)
      if (known) return known.model
      const model = editor.createModel(text, languageOf(path))
      const read = (): string => model.getValue()
      const listener = model.onDidChangeContent(() => {
        if (!replacing) onEdit(key, read)
      })
      models.set(key, { model, listener, read })
      return model
    },
    replace: (key, text) => {
      const model = models.get(key)?.model
      if (!model) return
      const before = model.getValue()
      const { start, endBefore, endAfter } = difference(before, text)
      if (before === text) return
      const [from, to] = [model.getPositionAt(start), model.getPositionAt(endBefore)]
      replacing = true
      try {
        model.pushEditOperations([], [{ range: Range.fromPositions(from, to), text: text.slice(start, endAfter) }], () => null)
        // Line ends that are not the editor's own were changed on the way: then all of it is taken.
        if (model.getValue() !== text) model.setValue(text)
      } finally {
        replacing = false
      }
    },
    keep: (keys) => { for (const key of [...models.keys()]) if (!keys.has(key)) drop(key) },
    dispose: () => { for (const key of [...models.keys()]) drop(key) },
  }
}

function difference(before: string, after: string): { readonly start: number; readonly endBefore: number; readonly endAfter: number } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1
  // Not between the two halves of a line end or a character.
  while (start > 0 && /[\r\ud800-\udbff]/.test(before[start - 1] ?? '')) start -= 1
  let tail = 0
  while (tail < shorter - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1
  while (tail > 0 && /[\n\udc00-\udfff]/.test(before[before.length - tail] ?? '')) tail -= 1
  return { start, endBefore: before.length - tail, endAfter: after.length - tail }
}
