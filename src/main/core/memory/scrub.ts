import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

const ATTEMPTS = 10

/**
 * Overwrites what was removed, beside other work. True: nothing of it is readable in the database or its log any more; false: somebody
 * reads the log for too long.
 */
export async function scrub({ store, clock }: { readonly store: Pick<Store, 'memory' | 'transaction' | 'room' | 'emptyLog'>; readonly clock: Pick<Clock, 'turn'> }): Promise<boolean> {
  while (store.transaction(() => store.memory.scrub(), 'later')) {
    await clock.turn()
    await store.room()
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (await store.emptyLog()) return true
    await clock.turn()
  }
  return false
}
