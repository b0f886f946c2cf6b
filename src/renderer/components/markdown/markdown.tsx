import { lazy, memo, Suspense, useDeferredValue } from 'react'

const Rendered = lazy(async () => ({ default: (await import('./rendered-markdown')).RenderedMarkdown }))

/** Longer texts are shown as they are: laying out their markdown would hold up the window. */
const maxMarkdownChars = 300_000

/** Text that a model wrote. While it streams, laying it out gives way to input. */
export const Markdown = memo(function Markdown({ text, streaming = false }: { readonly text: string; readonly streaming?: boolean }) {
  const deferred = useDeferredValue(text)
  const plain = <div className="whitespace-pre-wrap">{deferred}</div>
  return (
    <div className="markdown" dir="auto">
      {text.length > maxMarkdownChars ? plain : <Suspense fallback={plain}><Rendered text={deferred} streaming={streaming} /></Suspense>}
    </div>
  )
})
