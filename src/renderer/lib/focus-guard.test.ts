import { expect, test } from 'vitest'
import { createFocusGuard } from './focus-guard'

test('the click that brought the window to the front presses nothing, however long it was held', () => {
  const guard = createFocusGuard()
  guard.onWindowFocus(1_000)
  guard.onPointerDown(1_005)
  expect(guard.shouldIgnoreClick(true)).toBe(true)
  guard.onPointerDown(1_400)
  expect(guard.shouldIgnoreClick(true)).toBe(false)
})

test('keys always count, and so does a click in a window that had the focus all along', () => {
  const guard = createFocusGuard()
  guard.onPointerDown(50)
  expect(guard.shouldIgnoreClick(true)).toBe(false)
  guard.onWindowFocus(60)
  guard.onPointerDown(70)
  expect(guard.shouldIgnoreClick(false)).toBe(false)
})
