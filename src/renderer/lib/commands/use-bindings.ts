import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { CommandId } from '#contract/commands'
import { useServices } from '../services'
import { type Bindings, createBindings } from './bindings'
import { keysText } from './keys'

export function useBindings(): Bindings {
  const { queries, machine } = useServices()
  const overrides = useQuery(queries.settings()).data?.shortcuts
  return useMemo(() => createBindings(overrides ?? {}, machine), [overrides, machine])
}

/** `Settings (Ctrl+,)`, for a tooltip; without brackets when the command has no shortcut. */
export function useTitleWithKeys(): (title: string, id: CommandId) => string {
  const { machine } = useServices()
  const bindings = useBindings()
  return (title, id) => {
    const [keys] = bindings.keysOf(id)
    return keys === undefined ? title : `${title} (${keysText(keys, machine.isMac)})`
  }
}
