import { describe, expect, it } from 'vitest'
import type { Logger } from '#core/ports/system'
import { createManualClock } from '../../../testing/manual-clock'
import { shutDown } from './shutdown'

const quiet: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

function recorded(overrides: Partial<Parameters<typeof shutDown>[0]> = {}) {
  const done: string[] = []
  const step = (name: string) => () => {
    done.push(name)
    return Promise.resolve()
  }
  const steps = { stopIntake: () => void done.push('intake'), stopRuntime: step('runtime'), closeServer: step('server'), closeHost: step('host'), ...overrides }
  return { done, steps }
}

describe('stopping', () => {
  it('closes what is outside first and the store last', async () => {
    const { done, steps } = recorded()
    const clock = createManualClock()
    expect(await shutDown(steps, { clock, logger: quiet })).toBe(0)
    expect([done, clock.pending]).toEqual([['intake', 'runtime', 'server', 'host'], 0])
  })

  it('still closes the store when a step before it fails, and says so', async () => {
    const { done, steps } = recorded({ stopRuntime: () => Promise.reject(new Error('stuck')) })
    expect(await shutDown(steps, { clock: createManualClock(), logger: quiet })).toBe(1)
    expect(done).toEqual(['intake', 'server', 'host'])
  })

  it('does not wait for ever', async () => {
    const { steps } = recorded({ stopRuntime: () => new Promise(() => {}) })
    const clock = createManualClock()
    const stopped = shutDown(steps, { clock, logger: quiet })
    clock.advance(10_000)
    expect(await stopped).toBe(1)
  })
})
