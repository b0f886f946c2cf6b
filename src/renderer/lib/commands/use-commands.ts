import { useEffectEvent, useLayoutEffect, useRef } from 'react'
import { type CommandId, isCommandId } from '#contract/commands'
import { useServices } from '../services'
import type { PaletteItem } from './registry'

/** What each command does here; null: not now. */
export type CommandHandlers = { readonly [Id in CommandId]?: (() => void) | null }

/**
 * Offers commands of the catalogue (`#contract/commands`) while the component is shown: they are in the palette and their
 * shortcuts work, from the moment it can be seen. Where several parts offer the same command, the one that came last gets it.
 *
 * To add one: a line in the catalogue, and `useCommands({ 'chat.find': openFind })` where it can be done.
 */
export function useCommands(handlers: CommandHandlers): void {
  const { commands } = useServices()
  const run = useEffectEvent((id: CommandId) => handlers[id]?.())
  const ids = Object.entries(handlers).flatMap(([id, handler]) => (handler ? [id] : [])).join(' ')
  useLayoutEffect(() => commands.offer(ids.split(' ').filter(isCommandId), (id) => run(id)), [commands, ids])
}

/** Offers things to pick in the palette: a session, a model, a file. */
export function usePaletteItems(items: readonly PaletteItem[]): void {
  const { commands } = useServices()
  const latest = useRef(items)
  useLayoutEffect(() => {
    latest.current = items
  })
  useLayoutEffect(() => commands.offerItems(() => latest.current), [commands])
}
