import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createUiStore } from './ui-store'

beforeEach(() => vi.stubGlobal('window', { location: { hash: '#/' } }))
afterEach(() => vi.unstubAllGlobals())

function withMemory(stored: Record<string, string> = {}) {
  const memory = new Map(Object.entries(stored))
  const ui = createUiStore({
    read: (key) => memory.get(key) ?? null,
    write: (key, value) => void (value === null ? memory.delete(key) : memory.set(key, value)),
  })
  return { memory, isOpen: () => ui.getState().isOpen, ui: ui.getState() }
}

test('a window without room has the context closed, and remembers nothing of it', () => {
  const { ui, isOpen, memory } = withMemory()
  ui.fit(false)
  expect(isOpen()).toEqual({ left: true, right: false })
  ui.fit(true)
  expect(isOpen()).toEqual({ left: true, right: true })
  expect([...memory]).toEqual([])
})

test('more room does not open what the person closed', () => {
  const { ui, isOpen } = withMemory({ right: 'closed' })
  ui.fit(false)
  ui.fit(true)
  expect(isOpen().right).toBe(false)
})

test('the context opens in a small window when it is asked for', () => {
  const { ui, isOpen } = withMemory()
  ui.fit(false)
  ui.toggle('right')
  expect(isOpen().right).toBe(true)
})

test('bringing an entry into sight takes the panel that lies over it away', () => {
  const store = createUiStore({ read: () => null, write: () => undefined })
  store.getState().setDrawer('right')
  store.getState().setTarget({ sessionId: 's', entryId: 'e' })
  expect([store.getState().drawer, store.getState().target]).toEqual([null, { sessionId: 's', entryId: 'e' }])
})
