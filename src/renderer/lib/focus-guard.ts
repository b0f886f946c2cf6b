/**
 * A click that only brought the window to the front must press nothing. `onPointerDown` and `shouldIgnoreClick` are
 * asked in the order in which the browser tells; keyboard activation (a click without a pointer) always counts.
 */
export interface FocusGuard {
  onWindowFocus(at: number): void
  onPointerDown(at: number): void
  shouldIgnoreClick(isPointer: boolean): boolean
}

const guardMs = 300

export function createFocusGuard(): FocusGuard {
  let focusedAt = Number.NEGATIVE_INFINITY
  let pressedTooEarly = false
  return {
    onWindowFocus: (at) => {
      focusedAt = at
    },
    onPointerDown: (at) => {
      pressedTooEarly = at - focusedAt < guardMs
    },
    shouldIgnoreClick: (isPointer) => isPointer && pressedTooEarly,
  }
}
