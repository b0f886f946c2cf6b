import type { DesktopState, Instruction } from '#contract/desktop'
import { os } from '../implementer'
import type { RuntimePorts } from '../services'

const noDesktop: DesktopState = { tray: false, quickPrompt: { keys: null, state: 'absent' }, updates: { state: 'off', version: null } }

export function desktopHandlers({ host }: Pick<RuntimePorts, 'host'>) {
  return {
    state: os.desktop.state.handler(() => host.desktop?.state() ?? noDesktop),
    instructions: os.desktop.instructions.handler(async function* ({ context, signal }): AsyncGenerator<Instruction, void, void> {
      const stop = signal ?? new AbortController().signal
      if (host.desktop && context.windowId !== undefined) yield* host.desktop.instructions(context.windowId, stop)
      else await untilAborted(stop)
    }),
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
