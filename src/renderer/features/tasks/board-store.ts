import { create } from 'zustand'
import type { TaskState } from '#contract/tasks'
import type { LocalMemory } from '../../lib/storage'
import { type BoardFilter, BoardFilterSchema, emptyFilter, type Lanes, LookSchema } from './board/filter'

/** Something that ends work and is asked about first. */
export interface Question {
  readonly title: string
  readonly text: string
  readonly confirm: string
  readonly run: () => void
}

/** What of the tasks is shown, and what a person points at. Nothing that the server knows. */
export interface BoardState {
  readonly filter: BoardFilter
  readonly look: 'board' | 'list'
  readonly lanes: Lanes
  /** Quiet columns that are shown though they hold nothing. */
  readonly asked: readonly TaskState[]
  readonly selected: ReadonlySet<string>
  /** The card that the keys are about. */
  readonly focusId: string | null
  /** Where a range of selected cards begins. */
  readonly anchorId: string | null
  /** A card that is to get the focus as soon as it is in the page. */
  readonly wantedId: string | null
  readonly question: Question | null
  /** Cards whose parts are shown in place. */
  readonly opened: ReadonlySet<string>
  setFilter(patch: Partial<BoardFilter>): void
  clearFilter(): void
  setLook(look: 'board' | 'list'): void
  setLanes(lanes: Lanes): void
  toggleColumn(state: TaskState): void
  /** The focus is there. */
  setFocus(id: string | null): void
  /** Takes the focus there. */
  want(id: string | null): void
  select(ids: readonly string[], isSelected: boolean): void
  clearSelection(): void
  ask(question: Question | null): void
  toggleOpened(id: string): void
}

const filterKey = 'board.filter'
const lookKey = 'board.look'

export function createBoardStore(memory: LocalMemory) {
  return create<BoardState>((set, get) => {
    const keepLook = (): void => {
      const { look, lanes, asked } = get()
      memory.write(lookKey, JSON.stringify({ look, lanes, asked }))
    }
    const setFilter = (patch: Partial<BoardFilter>): void => {
      const filter = { ...get().filter, ...patch }
      // Words are for the moment; the rest is how a person likes the board.
      memory.write(filterKey, JSON.stringify({ ...filter, text: '' }))
      set({ filter })
    }
    return {
      filter: readFilter(memory),
      ...readLook(memory),
      selected: new Set<string>(),
      focusId: null,
      anchorId: null,
      wantedId: null,
      question: null,
      opened: new Set<string>(),
      setFilter,
      clearFilter: () => setFilter(emptyFilter),
      setLook: (look) => {
        set({ look, wantedId: null })
        keepLook()
      },
      setLanes: (lanes) => {
        set({ lanes })
        keepLook()
      },
      toggleColumn: (state) => {
        const { asked } = get()
        set({ asked: asked.includes(state) ? asked.filter((other) => other !== state) : [...asked, state] })
        keepLook()
      },
      setFocus: (focusId) => set({ focusId }),
      want: (id) => set({ focusId: id, wantedId: id }),
      select: (ids, isSelected) => {
        const selected = new Set(get().selected)
        for (const id of ids) {
          if (isSelected) selected.add(id)
          else selected.delete(id)
        }
        set({ selected, anchorId: ids.at(-1) ?? null })
      },
      clearSelection: () => get().selected.size > 0 && set({ selected: new Set() }),
      ask: (question) => set({ question }),
      toggleOpened: (id) => {
        const { opened } = get()
        set({ opened: new Set(opened.has(id) ? [...opened].filter((other) => other !== id) : [...opened, id]) })
      },
    }
  })
}
export type BoardStore = ReturnType<typeof createBoardStore>

function readFilter(memory: LocalMemory): BoardFilter {
  return BoardFilterSchema.safeParse(readJson(memory.read(filterKey))).data ?? emptyFilter
}

function readLook(memory: LocalMemory) {
  return LookSchema.safeParse(readJson(memory.read(lookKey))).data ?? LookSchema.parse({})
}

function readJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}
