import { describe, expect, it } from 'vitest'
import { createSlots } from './slots'

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
})
