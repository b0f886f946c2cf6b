import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock'
import { createSlots as slotsWith } from './slots'

const createSlots = (limit: () => number, onLongWait: (waiting: number) => void = () => {}, clock = createManualClock()) => slotsWith(limit, { clock, onLongWait })

const signal = () => new AbortController().signal

describe('slots', () => {
  it('let as many in as there is room for, and the next one when one leaves, in order', async () => {
    const slots = createSlots(() => 2)
    const entered: string[] = []
    const enter = async (name: string) => {
      const release = await slots.take(signal())
      entered.push(name)
      return release
    }
    const [leaveFirst] = await Promise.all([enter('a'), enter('b')])
    const waiting = [enter('c'), enter('d')]
    expect(entered).toEqual(['a', 'b'])
    leaveFirst()
    await waiting[0]
    expect(entered).toEqual(['a', 'b', 'c'])
  })

  it('count a release once', async () => {
    const slots = createSlots(() => 1)
    const release = await slots.take(signal())
    release()
    release()
    await slots.take(signal())
    let third = false
    void slots.take(signal()).then(() => { third = true })
    await Promise.resolve()
    expect(third).toBe(false)
  })

  it('forget one that gave up waiting', async () => {
    const slots = createSlots(() => 1)
    const release = await slots.take(signal())
    const impatient = new AbortController()
    const gaveUp = slots.take(impatient.signal)
    const patient = slots.take(signal())
    impatient.abort(new Error('enough'))
    await expect(gaveUp).rejects.toThrow('enough')
    release()
    await expect(patient).resolves.toBeTypeOf('function')
  })

  it('say so once when somebody has waited for half an hour, who still gets in, and again after that', async () => {
    const clock = createManualClock()
    const told: number[] = []
    const slots = createSlots(() => 1, (waiting) => told.push(waiting), clock)
    const release = await slots.take(signal())
    const second = slots.take(signal())
    const third = slots.take(signal())
    clock.advance(29 * 60_000)
    expect(told).toEqual([])
    clock.advance(60 * 60_000)
    expect(told).toEqual([2])
    release()
    const leave = await second
    void slots.take(signal())
    clock.advance(31 * 60_000)
    expect(told).toEqual([2, 2])
    leave()
    await third
  })

  it('leave no timer behind for one that got in or gave up', async () => {
    const clock = createManualClock()
    const slots = createSlots(() => 1, () => {}, clock)
    const release = await slots.take(signal())
    const impatient = new AbortController()
    const [gaveUp, next] = [slots.take(impatient.signal), slots.take(signal())]
    expect(clock.pending).toBe(2)
    impatient.abort(new Error('enough'))
    await expect(gaveUp).rejects.toThrow('enough')
    release()
    await next
    expect(clock.pending).toBe(0)
  })
})
