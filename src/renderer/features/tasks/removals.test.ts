import { expect, test } from 'vitest'
import { createToasts } from '../../lib/notices'
import { aTask } from '../../lib/testing/samples'
import { createRemovals } from './removals'

function harness(answer: (id: string) => Promise<object> = async () => ({})) {
  const timers = new Set<() => void>()
  const after = (_ms: number, callback: () => void) => {
    timers.add(callback)
    return () => void timers.delete(callback)
  }
  const removed: string[] = []
  const toasts = createToasts(() => () => {})
  const client = {
    tasks: {
      remove: (async ({ id }: { id: string }) => {
        removed.push(id)
        return answer(id)
      }) as never,
    },
  }
  const removals = createRemovals({ client, toasts, after })
  const pass = async () => {
    for (const timer of [...timers]) timer()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { removals, removed, toasts, pass, hidden: () => [...removals.hidden.get()] }
}

test('a removed task is out of sight at once and gone after a while', async () => {
  const { removals, removed, pass, hidden } = harness()
  removals.remove([aTask('a'), aTask('b')])
  expect([hidden(), removed]).toEqual([['a', 'b'], []])
  await pass()
  expect([hidden(), removed]).toEqual([[], ['a', 'b']])
})

test('undone in time, nothing was removed', async () => {
  const { removals, removed, toasts, pass, hidden } = harness()
  removals.remove([aTask('a', { title: 'Boat' })])
  expect(toasts.items.get().map(({ text }) => text)).toEqual(['Removed “Boat”.'])
  toasts.items.get()[0]?.actions[0]?.run()
  await pass()
  expect([hidden(), removed]).toEqual([[], []])
})

test('what cannot be removed is in sight again, and it is said why', async () => {
  const { removals, toasts, pass, hidden } = harness(async (id) => {
    if (id === 'a') throw new Error('no')
    return {}
  })
  removals.remove([aTask('a'), aTask('b')])
  await pass()
  expect(hidden()).toEqual([])
  expect(toasts.items.get().at(-1)?.level).toBe('error')
})

test('when the page goes, what waits is removed', async () => {
  const { removals, removed, pass } = harness()
  removals.remove([aTask('a')])
  removals.flush()
  await pass()
  expect(removed).toEqual(['a'])
})
