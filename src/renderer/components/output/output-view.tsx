import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../button'
import { useCopy } from '../use-copy'
import { createScreen, type Line, maxLineChars } from './screen'

const lineHeight = 18
const maxRows = 18

/** Output of a command, in colours; only the lines in sight are in the page. `following`: stays at its end while it grows. */
export function OutputView({ text, label, following = false, tall = false }: {
  readonly text: string
  readonly label: string
  readonly following?: boolean
  readonly tall?: boolean
}) {
  const { lines, dropped } = useScreen(text)
  const scroller = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const { words, copy } = useCopy()
  const list = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan: 8 })
  const count = lines.length
  useEffect(() => {
    if (following && isAtEnd.current && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [following, text, count])
  const rows = Math.max(1, Math.min(tall ? maxRows * 2 : maxRows, lines.length))
  return (
    <div className="group/output relative">
      {dropped > 0 && <p className="px-2.5 pb-1 text-xs text-muted">{dropped.toLocaleString('en')} earlier lines are not shown here.</p>}
      <div
        ref={scroller}
        tabIndex={0}
        role="group"
        aria-label={label}
        onScroll={({ currentTarget }) => {
          isAtEnd.current = currentTarget.scrollHeight - currentTarget.clientHeight - currentTarget.scrollTop < lineHeight
        }}
        className="overflow-auto rounded-md bg-sunken px-2.5 py-1.5 font-mono text-xs"
        style={{ height: rows * lineHeight + 14 }}
      >
        {text === '' ? <span className="text-muted">(empty)</span> : (
          <div className="relative w-max min-w-full" style={{ height: list.getTotalSize(), minWidth: `${widest(lines)}ch` }}>
            {list.getVirtualItems().map((item) => <LineView key={item.key} line={lines[item.index] ?? []} top={item.start} />)}
          </div>
        )}
      </div>
      <Button small className="absolute right-2 bottom-2 opacity-0 group-hover/output:opacity-100 focus-visible:opacity-100" aria-label={`Copy ${label}`} onClick={() => copy(plainOf(lines))}>{words('Copy')}</Button>
    </div>
  )
}

const LineView = memo(function LineView({ line, top }: { readonly line: Line; readonly top: number }) {
  return (
    <div className="absolute left-0 whitespace-pre" style={{ top, height: lineHeight, lineHeight: `${lineHeight}px` }}>
      {line.map(({ text, style }, index) => (style === '' ? text : <span key={index} className={style}>{text}</span>))}
      {line.reduce((sum, run) => sum + run.text.length, 0) >= maxLineChars && <span className="text-muted"> … the line goes on</span>}
    </div>
  )
})

/** The newest part of the text; what is longer than anybody reads is in the stored output. */
function useScreen(text: string): { readonly lines: readonly Line[]; readonly dropped: number } {
  const [screen] = useState(createScreen)
  return useMemo(() => {
    screen.update(text)
    const lines = screen.lines()
    return { lines: lines.length > 1 && lines.at(-1)?.length === 0 ? lines.slice(0, -1) : lines, dropped: screen.dropped() }
  }, [screen, text])
}

function widest(lines: readonly Line[]): number {
  return lines.reduce((most, line) => Math.max(most, line.reduce((sum, run) => sum + run.text.length, 0)), 0) + 1
}

function plainOf(lines: readonly Line[]): string {
  return lines.map((line) => line.map((run) => run.text).join('')).join('\n')
}
