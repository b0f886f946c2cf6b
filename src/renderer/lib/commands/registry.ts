import type { CommandId } from '#contract/commands'
import { createStore, type ReadableStore } from '../external-store'

/** Something to pick in the palette that is no command of the catalogue: a session, a model, a folder. */
export interface PaletteItem {
  /** Stays the same from list to list, so that what was used last is found again. */
  readonly id: string
  readonly title: string
  readonly group: string
  readonly note?: string
  readonly words?: string
  /** Among the recent ones it is shown without a query; others of its kind only when something is typed. */
  readonly onlyWhenSought?: boolean
  run(): void
}

export interface CommandRegistry {
  /** Commands that can be given now. */
  readonly available: ReadableStore<ReadonlySet<CommandId>>
  /** The last part of the window that offers a command gets it. Returns the disposer. */
  offer(ids: readonly CommandId[], run: (id: CommandId) => void): () => void
  /** `read` is called when the palette opens. */
  offerItems(read: () => readonly PaletteItem[]): () => void
  items(): readonly PaletteItem[]
  /** False when nothing that is shown can do it now. */
  run(id: CommandId): boolean
}

export function createCommandRegistry(): CommandRegistry {
  const offers = new Set<{ readonly ids: readonly CommandId[]; readonly run: (id: CommandId) => void }>()
  const lists = new Set<() => readonly PaletteItem[]>()
  const available = createStore<ReadonlySet<CommandId>>(new Set())

  const tell = (): void => available.set(new Set([...offers].flatMap(({ ids }) => ids)))

  return {
    available,
    items: () => [...lists].flatMap((read) => read()),
    offer: (ids, run) => {
      const offer = { ids, run }
      offers.add(offer)
      tell()
      return () => {
        offers.delete(offer)
        tell()
      }
    },
    offerItems: (read) => {
      lists.add(read)
      return () => void lists.delete(read)
    },
    run: (id) => {
      const offer = [...offers].findLast(({ ids }) => ids.includes(id))
      offer?.run(id)
      return offer !== undefined
    },
  }
}
