import { Check, Copy } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../button'
import { useCopy } from '../use-copy'
import { languageByName } from './highlight/language-names'
import { type ColouredLines, tokenKinds } from './highlight/protocol'
import { useHighlighted } from './highlight/use-highlighted'

export interface CodeBlockProps {
  readonly code: string
  /** As the fence names it; may be empty. */
  readonly language: string
  /** It is still being written. */
  readonly open: boolean
  readonly actions?: ReactNode
}

/** Code in a frame that names its language. The colours come later and change nothing but colours. */
export function CodeBlock({ code, language, open, actions }: CodeBlockProps) {
  const { words, state, copy } = useCopy()
  const [wraps, setWraps] = useState(false)
  const label = languageByName(language)?.label ?? (language === '' ? 'Text' : language)
  return (
    <div className="overflow-hidden rounded-md border border-line bg-sunken">
      <div className="flex h-8 items-center gap-1 ps-3 pe-1 text-xs text-muted">
        <span className="min-w-0 flex-1 truncate">{label}</span>
        {actions}
        <Button small tone="quiet" className="text-muted" aria-pressed={wraps} onClick={() => setWraps(!wraps)}>Wrap</Button>
        <Button small tone="quiet" className="text-muted" aria-label={state === null ? 'Copy code' : words('')} onClick={() => copy(code)}>
          {state === 'copied' ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
          {words('Copy')}
        </Button>
      </div>
      <pre dir="ltr" tabIndex={0} role="group" aria-label={`Code, ${label}`} className={wraps ? 'px-3 pb-2.5 break-words whitespace-pre-wrap' : 'overflow-x-auto px-3 pb-2.5'}>
        <HighlightedCode code={code} language={language} open={open} />
      </pre>
    </div>
  )
}

/** Code without a frame. */
export function HighlightedCode({ code, language, open }: Pick<CodeBlockProps, 'code' | 'language' | 'open'>) {
  const lines = useHighlighted(code, language, open)
  if (lines === null) return <code>{code}</code>
  return <code><Coloured lines={lines} />{restAfter(code, lines)}</code>
}

const styles = tokenKinds.map((kind) => `tok-${kind}`)

function Coloured({ lines }: { readonly lines: ColouredLines }) {
  return lines.map((spans, index) => (
    <span key={index}>
      {index > 0 && '\n'}
      {spans.map(([text, kind], at) => (styles[kind] === undefined ? text : <span key={at} className={styles[kind]}>{text}</span>))}
    </span>
  ))
}

/** The code that the coloured lines do not cover yet. */
function restAfter(code: string, lines: ColouredLines): string {
  const covered = lines.reduce((sum, spans) => spans.reduce((length, [text]) => length + text.length, sum), 0) + Math.max(0, lines.length - 1)
  return code.slice(covered)
}
