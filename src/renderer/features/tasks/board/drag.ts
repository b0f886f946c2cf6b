import type { Task, TaskState } from '#contract/tasks'
import { createStore, type WritableStore } from '../../../lib/external-store'

/** Where the cards would go: behind `afterId`, or to the top of the column. */
export interface DropTarget {
  readonly state: TaskState
  readonly lane: string
  readonly afterId: string | null
  readonly allowed: boolean
}

export interface Drag {
  readonly tasks: readonly Task[]
  readonly target: DropTarget | null
}

export type DragStore = WritableStore<Drag | null>

export interface DragOptions {
  readonly board: HTMLElement
  readonly store: DragStore
  /** What a press on this card takes along. */
  readonly taken: (id: string) => readonly Task[]
  /** Null over nothing that takes cards. */
  readonly targetAt: (x: number, y: number, tasks: readonly Task[]) => DropTarget | null
  readonly onDrop: (tasks: readonly Task[], target: DropTarget) => void
  /** Moves what follows the pointer. */
  readonly follow: (x: number, y: number) => void
}

const threshold = 6
const edge = 48
const fastest = 18

export function createDragStore(): DragStore {
  return createStore<Drag | null>(null)
}

/** Dragging with a mouse or a pen: begins after a few pixels, ends anywhere, Escape gives up. Returns the disposer. */
export function listenForDrags(options: DragOptions): () => void {
  const { board, store } = options
  let stop = (): void => {}

  function begin(press: PointerEvent, id: string): void {
    const listening = new AbortController()
    const { signal } = listening
    let [x, y] = [press.clientX, press.clientY]
    let isDragging = false
    const frame = (): void => {
      if (signal.aborted) return
      options.follow(x, y)
      scrollAtEdges(board, x, y)
      const drag = store.get()
      if (drag !== null) {
        const target = options.targetAt(x, y, drag.tasks)
        if (!isSame(target, drag.target)) store.set({ ...drag, target })
      }
      requestAnimationFrame(frame)
    }
    const end = (isDropped: boolean): void => {
      listening.abort()
      const drag = store.get()
      store.set(null)
      if (!isDragging) return
      swallowClick()
      if (isDropped && drag !== null) {
        const target = options.targetAt(x, y, drag.tasks)
        if (target !== null) options.onDrop(drag.tasks, target)
      }
    }
    stop = () => end(false)
    window.addEventListener('pointermove', (event) => {
      [x, y] = [event.clientX, event.clientY]
      if (isDragging || Math.hypot(x - press.clientX, y - press.clientY) < threshold) return
      isDragging = true
      store.set({ tasks: options.taken(id), target: null })
      frame()
    }, { signal })
    window.addEventListener('pointerup', () => end(true), { signal })
    window.addEventListener('pointercancel', () => end(false), { signal })
    window.addEventListener('blur', () => end(false), { signal })
    window.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !isDragging) return
      event.preventDefault()
      event.stopPropagation()
      end(false)
    }, { signal, capture: true })
  }

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0 || event.pointerType === 'touch' || event.ctrlKey || event.shiftKey || event.metaKey || !(event.target instanceof Element)) return
    const id = event.target.closest<HTMLElement>('[data-card]')?.dataset['card']
    if (id === undefined || event.target.closest('input, a') !== null) return
    begin(event, id)
  }
  const preventNative = (event: Event): void => event.preventDefault()
  board.addEventListener('pointerdown', onPointerDown)
  board.addEventListener('dragstart', preventNative)
  return () => {
    stop()
    board.removeEventListener('pointerdown', onPointerDown)
    board.removeEventListener('dragstart', preventNative)
  }
}

/** The press that ends a drag is no click on what lies under it. */
function swallowClick(): void {
  const listening = new AbortController()
  window.addEventListener('click', (event) => {
    event.preventDefault()
    event.stopPropagation()
  }, { capture: true, signal: listening.signal })
  setTimeout(() => listening.abort())
}

function isSame(one: DropTarget | null, other: DropTarget | null): boolean {
  return one === other || (one !== null && other !== null && one.state === other.state && one.lane === other.lane && one.afterId === other.afterId && one.allowed === other.allowed)
}

/** Columns and the board scroll while the pointer is near their edges, the faster the nearer. */
function scrollAtEdges(board: HTMLElement, x: number, y: number): void {
  const frame = board.getBoundingClientRect()
  board.scrollLeft += speed(x, frame.left, frame.right)
  const column = document.elementFromPoint(x, y)?.closest('[data-column]')?.querySelector('[data-column-scroll]')
  const scrolled = column ?? board
  const box = scrolled.getBoundingClientRect()
  scrolled.scrollTop += speed(y, box.top, box.bottom)
}

export function speed(at: number, start: number, end: number): number {
  if (at < start + edge) return -fastest * Math.min(1, (start + edge - at) / edge)
  return at > end - edge ? fastest * Math.min(1, (at - end + edge) / edge) : 0
}
