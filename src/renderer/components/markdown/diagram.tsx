import { Maximize2, Minus, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../button'
import { Dialog } from '../dialog'
import { CodeBlock, type CodeBlockProps } from './code-block'
import { type DiagramSize, drawDiagram } from './draw-diagram'

/** Longer ones are shown as what they are. */
export const maxDiagramChars = 20_000
const maxHeight = 480
/** What is only scrolled past is not drawn. */
const lookedAtMs = 250

/** A diagram, drawn in a sandbox; its code until it is drawn, and where it cannot be. */
export function DiagramBlock(props: CodeBlockProps) {
  const [showsCode, setShowsCode] = useState(false)
  const [large, setLarge] = useState(false)
  const [state, setState] = useState<DiagramSize | 'drawing' | 'failed'>('drawing')
  const wants = !showsCode && state !== 'failed'
  const isDrawn = typeof state === 'object'
  return (
    <div>
      {wants && (
        <div className={isDrawn ? 'rounded-md border border-line bg-surface' : 'h-0 overflow-hidden'}>
          <DiagramFrame source={props.code} scale={1} maxHeight={maxHeight} onState={setState} />
          <div className="flex h-8 items-center justify-end gap-1 border-t border-line px-1">
            <Button small tone="quiet" onClick={() => setShowsCode(true)}>Show the code</Button>
            <IconButton label="Open larger" icon={<Maximize2 />} onClick={() => setLarge(true)} />
          </div>
        </div>
      )}
      {!(wants && isDrawn) && (
        <CodeBlock {...props} actions={
          state === 'failed' ? <span className="text-muted">This diagram cannot be drawn</span>
            : showsCode && <Button small tone="quiet" onClick={() => { setState('drawing'); setShowsCode(false) }}>Show the diagram</Button>
        } />
      )}
      {large && <LargeDiagram source={props.code} onClose={() => setLarge(false)} />}
    </div>
  )
}

function LargeDiagram({ source, onClose }: { readonly source: string; readonly onClose: () => void }) {
  const [scale, setScale] = useState(1.5)
  const change = (by: number): void => setScale(Math.min(6, Math.max(0.25, scale * by)))
  return (
    <Dialog
      title="Diagram"
      size="full"
      onClose={onClose}
      actions={
        <>
          <span role="status" className="self-center text-xs text-muted tabular-nums">{Math.round(scale * 100)} %</span>
          <IconButton label="Smaller" icon={<Minus />} onClick={() => change(1 / 1.25)} />
          <IconButton label="Larger" icon={<Plus />} onClick={() => change(1.25)} />
        </>
      }
    >
      <DiagramFrame source={source} scale={scale} maxHeight={null} onState={ignore} />
    </Dialog>
  )
}

function ignore(): void {}

/** The sandbox. It tells only how large the drawing is; what takes too long is given up. */
function DiagramFrame({ source, scale, maxHeight: most, onState }: {
  readonly source: string
  readonly scale: number
  /** Null: as high as it is. */
  readonly maxHeight: number | null
  readonly onState: (state: DiagramSize | 'failed') => void
}) {
  const frame = useRef<HTMLIFrameElement>(null)
  const zoom = useRef<(scale: number) => void>(ignore)
  const [size, setSize] = useState<DiagramSize | null>(null)
  const [isDark, setDark] = useState(false)
  const [isWanted, setWanted] = useState(false)
  useEffect(() => {
    const look = (): void => setDark(document.documentElement.dataset['theme'] === 'dark')
    const observer = new MutationObserver(look)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    const timer = setTimeout(() => {
      look()
      setWanted(true)
    }, lookedAtMs)
    return () => {
      observer.disconnect()
      clearTimeout(timer)
    }
  }, [])
  useEffect(() => {
    const element = frame.current
    if (element === null || !isWanted) return
    const drawing = drawDiagram(element, { source, dark: isDark }, (drawn) => {
      setSize(drawn)
      onState(drawn ?? 'failed')
    })
    zoom.current = drawing.zoom
    return drawing.stop
  }, [source, isDark, isWanted, onState])
  useEffect(() => zoom.current(scale), [scale, size])
  const [width, height] = size === null ? [600, 200] : [Math.ceil(size.width * scale), Math.ceil(size.height * scale)]
  return (
    <div className="overflow-auto" tabIndex={0} role="group" aria-label="Diagram" style={most === null ? undefined : { maxHeight: most }}>
      {isWanted && (
        <iframe
          key={`${isDark} ${source}`}
          ref={frame}
          title="Diagram"
          sandbox="allow-scripts"
          referrerPolicy="no-referrer"
          src="/diagram/frame.html"
          className="mx-auto block border-0"
          style={{ width, height, colorScheme: isDark ? 'dark' : 'light' }}
        />
      )}
    </div>
  )
}
