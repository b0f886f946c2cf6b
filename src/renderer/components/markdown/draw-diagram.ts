import { z } from 'zod'

/** In pixels. All that the sandbox can tell. */
const SizeSchema = z.object({ width: z.number().positive().max(20_000), height: z.number().positive().max(20_000) })
export type DiagramSize = z.infer<typeof SizeSchema>

const patienceMs = 8_000

export interface Drawing {
  readonly zoom: (scale: number) => void
  readonly stop: () => void
}

/** Hands a diagram to the frame once it is there. Calls back once: the size, or null when there is no drawing. */
export function drawDiagram(frame: HTMLIFrameElement, diagram: { readonly source: string; readonly dark: boolean }, onDrawn: (size: DiagramSize | null) => void): Drawing {
  const { port1, port2 } = new MessageChannel()
  const state = { done: false }
  const finish = (size: DiagramSize | null): void => {
    if (state.done) return
    state.done = true
    clearTimeout(timer)
    onDrawn(size)
  }
  const timer = setTimeout(() => finish(null), patienceMs)
  port1.onmessage = ({ data }) => {
    const size = SizeSchema.safeParse(data)
    finish(size.success ? size.data : null)
  }
  // A page of no origin can only be addressed as any; what it is given is what it is to show.
  const hand = (): void => frame.contentWindow?.postMessage(diagram, '*', [port2])
  frame.addEventListener('load', hand, { once: true })
  return {
    zoom: (scale) => port1.postMessage({ scale }),
    stop: () => {
      state.done = true
      clearTimeout(timer)
      frame.removeEventListener('load', hand)
      port1.close()
    },
  }
}
