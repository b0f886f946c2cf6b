import type { Sandbox } from '../ports/sandbox'
import type { Logger } from '../ports/system'

/**
 * Whether commands can be confined is found out once, beside the start: trying it takes as long as a command. What works with a session
 * waits for it. The result never rejects.
 */
export function createFirstLook(sandbox: Pick<Sandbox, 'tidy' | 'look'>, logger: Pick<Logger, 'warn'>): () => Promise<void> {
  let looking: Promise<void> | null = null
  const look = async () => {
    await sandbox.tidy()
    const { state, why } = await sandbox.look()
    if (state === 'off') logger.warn('sandbox.off', { why })
  }
  return () => (looking ??= look())
}
