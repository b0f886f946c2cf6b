import { createContext, useContext } from 'react'
import type { UiState, UiStore } from './ui-store'

export const UiContext = createContext<UiStore | null>(null)

export function useUi<T>(select: (state: UiState) => T): T {
  const store = useContext(UiContext)
  if (store === null) throw new Error('useUi is used outside of UiContext')
  return store(select)
}

/** Actions never change, so this never renders again. */
export function useUiStore(): UiStore {
  const store = useContext(UiContext)
  if (store === null) throw new Error('useUiStore is used outside of UiContext')
  return store
}
