import { expect, it } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import { openMemoryStore } from '../memory-store'

const head = { id: 'h', entryId: null, createdAt: 1 }

it('gives the conditions of a session as they are after every change, and after one that was taken back', () => {
  const store = openMemoryStore({ clock: createManualClock() })
  store.workspaces.insert({ id: 'w', path: '/w', name: 'w', trusted: false, createdAt: 1, lastOpenedAt: 1 })
  store.sessions.insert({ id: 's', workspaceId: 'w', title: 't', model: null, mode: 'ask', createdAt: 1, head })
  const conditions = () => store.sessions.conditions('s')
  expect(conditions()).toEqual({ workspaceId: 'w', model: null, mode: 'ask', workspace: { name: 'w', trusted: false } })

  store.workspaces.patch('w', { trusted: true })
  store.sessions.patch('s', { mode: 'plan' })
  expect(conditions()).toEqual({ workspaceId: 'w', model: null, mode: 'plan', workspace: { name: 'w', trusted: true } })

  expect(() => store.transaction(() => {
    store.workspaces.patch('w', { trusted: false })
    expect(conditions()?.workspace?.trusted).toBe(false)
    throw new Error('no')
  })).toThrow('no')
  expect(conditions()?.workspace?.trusted).toBe(true)

  store.sessions.remove('s')
  expect(conditions()).toBeNull()
})
