import { classNames } from '../../lib/class-names'

const chunkChars = 6_000

/** Text as it is, of whatever length: the browser lays out only what is in sight of it. */
export function LongText({ text, label, className }: { readonly text: string; readonly label: string; readonly className?: string }) {
  const chunks = Array.from({ length: Math.ceil(text.length / chunkChars) }, (_, index) => text.slice(index * chunkChars, (index + 1) * chunkChars))
  return (
    <div dir="auto" tabIndex={0} role="group" aria-label={label} className={classNames('overflow-auto break-words whitespace-pre-wrap', className)}>
      {chunks.length <= 1 ? text : chunks.map((chunk, index) => <span key={index} className="block [contain-intrinsic-size:auto_1200px] [content-visibility:auto]">{chunk}</span>)}
    </div>
  )
}
