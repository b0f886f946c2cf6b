import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TaskStateSchema, type TaskState } from '#contract/tasks'
import { type Actor, assertMayFollow, isAtEnd, mayFollow } from './states'

const states = TaskStateSchema.options
const actors: readonly Actor[] = ['person', 'agent', 'schedule', 'script', 'trestle']
const aState = fc.constantFrom(...states)
const anActor = fc.constantFrom(...actors)

describe('the states of a task', () => {
  it('a task runs only from Ready, or after a person has answered', () => {
    expect(states.filter((from) => actors.some((by) => mayFollow(from, 'running', by)))).toEqual(['ready', 'needs_you'])
  })

  it('only work itself starts, parks, fails or misses a task; only people reopen what has ended', () => {
    fc.assert(fc.property(aState, aState, anActor, (from, to, by) => {
      if (!mayFollow(from, to, by)) return
      const ours = by === 'trestle' || by === 'schedule'
      if (['running', 'needs_you', 'failed', 'missed', 'dead_letter', 'review'].includes(to)) expect(ours).toBe(true)
      if (isAtEnd(from)) expect(ours).toBe(false)
    }))
  })

  it('whatever happens to a task, a person can cancel it or it has ended, and can bring it back to Backlog', () => {
    fc.assert(fc.property(fc.array(fc.tuple(aState, anActor), { maxLength: 30 }), (moves) => {
      let current: TaskState = 'backlog'
      for (const [to, by] of moves) if (mayFollow(current, to, by)) current = to
      expect(isAtEnd(current) || mayFollow(current, 'cancelled', 'person')).toBe(true)
      expect(current === 'backlog' || mayFollow(current, 'backlog', 'person')).toBe(true)
    }), { numRuns: 2_000 })
  })

  it('refuses a person in words, and our own work as the bug that it would be', () => {
    expect(() => assertMayFollow('done', 'cancelled', 'person')).toThrow('A task in Done cannot go to Cancelled. Nothing was changed.')
    expect(() => assertMayFollow('done', 'running', 'trestle')).toThrow('a task cannot go from done to running')
  })
})
