import type { MouseEvent } from 'react'
import { useServices } from '../../lib/services'

/** Takes a click only when it was meant: not the one that brought the window to the front. */
export function useMeantClick() {
  const { focusGuard } = useServices()
  return (act: () => void) => (event: MouseEvent) => {
    if (!focusGuard.shouldIgnoreClick(event.detail > 0)) act()
  }
}
