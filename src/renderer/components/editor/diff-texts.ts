import { editor } from 'monaco-editor/editor'

/** Two texts that a diff editor compares. */
export interface DiffTexts {
  readonly original: editor.ITextModel
  readonly modified: editor.ITextModel
  /** Gives them back, once the editor shows others or is gone. A comparison under way ends first: it would fail without its texts. */
  readonly release: () => void
}

export function showInDiff(diff: editor.IStandaloneDiffEditor, original: string, modified: string, language: string): DiffTexts {
  const models = { original: editor.createModel(original, language), modified: editor.createModel(modified, language) }
  const comparison = diff.createViewModel(models)
  diff.setModel(comparison)
  return {
    ...models,
    release: () => {
      comparison.dispose()
      models.original.dispose()
      models.modified.dispose()
    },
  }
}
