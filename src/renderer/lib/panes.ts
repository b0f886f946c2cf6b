/**
 * The parts of the window that F6 goes through: everything with `data-pane`, in the order of the page. A part that is
 * come back to gets the focus where it was.
 */
const paneSelector = '[data-pane]'
const focusable = 'a[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),[contenteditable="true"],[tabindex]:not([tabindex="-1"])'

export interface PaneCycle {
  /** Moves the focus to the next part, or the one before. */
  move(step: 1 | -1): void
}

export function createPaneCycle(root: Document): PaneCycle {
  const lastFocus = new WeakMap<Element, HTMLElement>()
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const pane = target.closest(paneSelector)
    if (pane !== null) lastFocus.set(pane, target)
  })
  return {
    move: (step) => {
      const panes = [...root.querySelectorAll<HTMLElement>(paneSelector)].filter((pane) => pane.checkVisibility())
      if (panes.length === 0) return
      const at = panes.findIndex((pane) => pane.contains(root.activeElement))
      const next = panes[at === -1 ? (step === 1 ? 0 : panes.length - 1) : (at + step + panes.length) % panes.length]
      if (next !== undefined) focusIn(next, lastFocus.get(next))
    },
  }
}

/** The first control in there that can be seen. */
export function firstFocusable(element: Element): HTMLElement | undefined {
  return [...element.querySelectorAll<HTMLElement>(focusable)].find((control) => control.checkVisibility())
}

function focusIn(pane: HTMLElement, last: HTMLElement | undefined): void {
  const candidates = last !== undefined && pane.contains(last) ? [last] : []
  const preferred = pane.querySelector<HTMLElement>('[data-pane-start]')
  const target = [...candidates, ...(preferred === null ? [] : [preferred]), ...pane.querySelectorAll<HTMLElement>(focusable)].find((element) => element.checkVisibility())
  if (target !== undefined) return target.focus()
  pane.tabIndex = -1
  pane.focus()
}
