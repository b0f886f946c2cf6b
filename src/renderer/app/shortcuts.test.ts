import { expect, test } from 'vitest'
import { actionOf, shortcuts } from './shortcuts'

const press = (key: string, over: Partial<Parameters<typeof actionOf>[0]> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over })

test('Ctrl works elsewhere, Cmd on a Mac, and only alone', () => {
  expect(actionOf(press('b', { ctrlKey: true }), false)).toBe('toggle-left')
  expect(actionOf(press('J', { metaKey: true }), true)).toBe('toggle-right')
  expect(actionOf(press('b', { ctrlKey: true }), true)).toBeNull()
  expect(actionOf(press('b', { metaKey: true }), false)).toBeNull()
  expect(actionOf(press('b'), false)).toBeNull()
  expect(actionOf(press('n', { ctrlKey: true, shiftKey: true }), false)).toBeNull()
  expect(actionOf(press('x', { ctrlKey: true }), false)).toBeNull()
})

test('no key means two things', () => {
  expect(new Set(shortcuts.map((shortcut) => shortcut.key)).size).toBe(shortcuts.length)
})
