import type { Clock, Logger } from '#core/ports/system'
import { exitCodes } from './exit'

/** For turns to come to a point where they can be taken up again. */
export const GRACE_MS = 5000
/** Beyond the grace; then the process ends as after a crash, which loses nothing either. */
const CLOSE_MS = 5000

export interface ShutdownSteps {
  readonly stopIntake: () => void
  readonly stopRuntime: (graceMs: number) => Promise<void>
  readonly closeServer: () => Promise<void>
  readonly closeHost: () => Promise<void>
}

/** Runs the steps in order; each is tried even when one before it failed. Resolves with the exit code. */
export async function shutDown(steps: ShutdownSteps, { clock, logger }: { readonly clock: Pick<Clock, 'after'>; readonly logger: Logger }): Promise<number> {
  let failed = false
  const attempt = async (name: string, step: () => Promise<void> | void) => {
    try {
      await step()
    } catch (error) {
      failed = true
      logger.error('shutdown.failed', { step: name, error })
    }
  }
  const inOrder = async () => {
    await attempt('intake', steps.stopIntake)
    await attempt('runtime', () => steps.stopRuntime(GRACE_MS))
    await attempt('server', steps.closeServer)
    await attempt('host', steps.closeHost)
    return failed ? exitCodes.failed : exitCodes.ok
  }
  let cancel = () => {}
  const late = new Promise<number>((resolve) => {
    cancel = clock.after(GRACE_MS + CLOSE_MS, () => resolve(exitCodes.failed))
  })
  const code = await Promise.race([inOrder(), late])
  cancel()
  return code
}

/** The first signal asks to stop, the second ends the process at once. */
export function onStopSignals(stop: (signal: string) => void): void {
  let asked = false
  const onSignal = (signal: string) => {
    if (asked) process.exit(exitCodes.interrupted)
    asked = true
    stop(signal)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, onSignal)
}
