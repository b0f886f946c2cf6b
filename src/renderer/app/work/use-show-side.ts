import { flushSync } from 'react-dom'
import { useUiStore } from '../ui-context'
import { useWork } from './work-context'
import type { SideView } from './work-store'

const triesEveryMs = 50
const mostTries = 40

/** Shows a view of the left side and brings the focus to what `selector` names in it: what is typed next goes there. */
export function useShowSide(): (view: SideView, selector: string) => void {
  const ui = useUiStore()
  const { store } = useWork()
  return (view, selector) => {
    flushSync(() => {
      if (window.matchMedia('(max-width: 899px)').matches) ui.getState().setDrawer('left')
      else ui.getState().setOpen('left', true)
      store.getState().setSideView(view)
    })
    // The view may have to be loaded first.
    const focus = (tries: number): void => {
      const target = document.querySelector<HTMLElement>(selector)
      if (target !== null) target.focus()
      else if (tries > 0) setTimeout(() => focus(tries - 1), triesEveryMs)
    }
    focus(mostTries)
  }
}
