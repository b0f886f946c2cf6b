import HighlightWorker from './highlight.worker?worker'
import { createHighlighter, type Highlighter } from './highlighter'

/** For the window; its thread starts with the first code that is shown. */
export function createWindowHighlighter(): Highlighter {
  return createHighlighter(() => new HighlightWorker(), (ms, callback) => {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  })
}
