import type { Task } from '#contract/tasks'
import type { Client } from '../../lib/client'
import { errorMessage } from '../../lib/error-message'
import { createStore, type ReadableStore } from '../../lib/external-store'
import { shorten } from '../../lib/format'
import type { Toasts } from '../../lib/notices'
import { countWords } from './words'

/** As long as the toast with its Undo stays. */
const waitMs = 20_000

export interface Removals {
  /** Tasks that are out of sight, and gone when nobody takes that back. */
  readonly hidden: ReadableStore<ReadonlySet<string>>
  remove(tasks: readonly Task[]): void
  /** Removes what still waits, now: the page goes. */
  flush(): void
}

/** Tasks that a person removes are out of sight at once and removed a little later, so that it can be undone without anything being lost. */
export function createRemovals({ client, toasts, after }: {
  readonly client: { readonly tasks: Pick<Client['tasks'], 'remove'> }
  readonly toasts: Toasts
  readonly after: (ms: number, callback: () => void) => () => void
}): Removals {
  const hidden = createStore<ReadonlySet<string>>(new Set())
  const waiting = new Set<() => void>()
  const show = (ids: readonly string[]): void => hidden.set(new Set([...hidden.get()].filter((id) => !ids.includes(id))))

  async function send(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      try {
        await client.tasks.remove({ id })
      } catch (error) {
        show([id])
        toasts.error(`A task was not removed: ${errorMessage(error)}`)
      }
    }
    show(ids)
  }

  return {
    hidden,
    remove: (tasks) => {
      const ids = tasks.map(({ id }) => id)
      hidden.set(new Set([...hidden.get(), ...ids]))
      const finish = (): void => {
        if (!waiting.delete(finish)) return
        cancel()
        void send(ids)
      }
      const cancel = after(waitMs, finish)
      waiting.add(finish)
      const [only] = tasks
      const name = tasks.length === 1 && only !== undefined ? `“${shorten(only.title, 40)}”` : countWords(tasks.length, 'task')
      toasts.info(`Removed ${name}.`, [{
        label: 'Undo',
        run: () => {
          if (!waiting.delete(finish)) return
          cancel()
          show(ids)
        },
      }])
    },
    flush: () => {
      for (const finish of [...waiting]) finish()
    },
  }
}
