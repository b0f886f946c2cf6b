import { useEffect, useEffectEvent } from 'react'
import { isCommandId } from '#contract/commands'
import type { Instruction } from '#contract/desktop'
import { useServices } from '../lib/services'
import { parseRoute } from '../lib/route'
import { useUiStore } from './ui-context'

const retryMs = 1_000

/** Does what the desktop asks of this window: commands of its menus, places to go to, links to show. In a browser nobody asks. */
export function useInstructions(): void {
  const ui = useUiStore()
  const { client, commands, machine } = useServices()
  const obey = useEffectEvent((instruction: Instruction) => {
    switch (instruction.kind) {
      case 'command': return void (isCommandId(instruction.id) && commands.run(instruction.id))
      case 'go': return ui.getState().go(parseRoute(instruction.hash))
      case 'propose': return ui.getState().setDialog({ kind: 'proposal', link: instruction.link })
    }
  })
  const { isDesktop } = machine
  useEffect(() => {
    if (!isDesktop) return
    const stop = new AbortController()
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          for await (const instruction of await client.desktop.instructions({}, { signal: stop.signal })) obey(instruction)
        } catch {
          // The runtime starts anew; it is asked again.
        }
        if (!stop.signal.aborted) await new Promise((resolve) => setTimeout(resolve, retryMs))
      }
    }
    void follow()
    return () => stop.abort()
  }, [client, isDesktop])
}
