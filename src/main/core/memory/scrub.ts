import type { Store } from '../ports/store'
import type { Clock } from '../ports/system'

const ATTEMPTS = 40
const WAIT_MS = 50

/**
 * Overwrites what was removed, beside other work. True: nothing of it is readable in the database or its log any more; false: somebody
 * reads the log for too long.
 */
export async function scrub({ store, clock }: { readonly store: Pick<Store, 'memory' | 'transaction' | 'room'>; readonly clock: Pick<Clock, 'turn' | 'sleep'> }): Promise<boolean> {
  while (store.transaction(() => store.memory.scrub(), 'later')) {
    await clock.turn()
    await store.room()
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (store.memory.emptyLog()) return true
    await clock.sleep(WAIT_MS)
  }
  return false
}
