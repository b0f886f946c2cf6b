import { expect, test } from 'vitest'
import type { EventEnvelope } from '#contract/events'
import { createNotifications } from './notifications'

const event = (at: number): EventEnvelope => ({
  seq: 1, at, sessionId: 's1', runId: null, traceId: 't', topic: 'notification',
  payload: { id: 'n1', kind: 'needs-you', title: 'An agent needs you', body: '“Tidy” waits for your decision.', sessionId: 's1' },
})

function notifications(isWatched: boolean) {
  const shown: string[] = []
  const opened: (string | null)[] = []
  let click = () => {}
  const tell = createNotifications({
    now: () => 100_000, isWatched: () => isWatched,
    show: ({ title, tag }, onClick) => {
      shown.push(`${title} ${tag}`)
      click = onClick
    },
    open: (id) => opened.push(id),
  })
  return { shown, opened, tell, click: () => click() }
}

test('a press goes to the session, and only then', () => {
  const { shown, opened, tell, click } = notifications(false)
  tell(event(99_000))
  expect([shown, opened]).toEqual([['An agent needs you n1'], []])
  click()
  expect(opened).toEqual(['s1'])
})

test('nothing is shown to a person who looks, nor what is old news', () => {
  const watched = notifications(true)
  watched.tell(event(99_000))
  const late = notifications(false)
  late.tell(event(10_000))
  expect([...watched.shown, ...late.shown]).toEqual([])
})
