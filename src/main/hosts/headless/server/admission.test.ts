import { describe, expect, it } from 'vitest'
import { createManualClock } from '../../../../testing/manual-clock'
import { callOptions } from '../../shared/calls'
import { createAdmission } from './admission'
import { rateProfiles } from './rate-limiter'

const admissionOf = (maxOpenCalls: number) => createAdmission(rateProfiles, createManualClock(), maxOpenCalls)

/** Runs one call through what every transport wraps around it. */
function callThrough(admission: ReturnType<typeof admissionOf>, work: () => Promise<unknown>, signal = new AbortController().signal) {
  const [interceptor] = callOptions({ guard: admission, reportBug: () => {} }).clientInterceptors ?? []
  return interceptor!({ path: ['settings', 'get'], context: { traceId: 't' }, signal, next: work } as unknown as Parameters<NonNullable<typeof interceptor>>[0])
}

async function* forever() {
  for (;;) yield await Promise.resolve(1)
}

describe('calls that are open at the same time', () => {
  it('are bounded, and their places are given back however they end', async () => {
    const admission = admissionOf(1)
    await callThrough(admission, () => Promise.resolve(1))
    await expect(callThrough(admission, () => Promise.reject(new Error('x')))).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
    const release = admission.admit(['settings', 'get'])
    await expect(callThrough(admission, () => Promise.resolve(1))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
    release()
    expect(await callThrough(admission, () => Promise.resolve(2))).toBe(2)
  })

  it('count a stream until it is left, also by a caller who leaves before the first message', async () => {
    const admission = admissionOf(1)
    const stream = (await callThrough(admission, () => Promise.resolve(forever()))) as AsyncGenerator
    await stream.next()
    expect(() => admission.admit(['a'])).toThrow('Too many calls')
    await stream.return(undefined)
    const leave = new AbortController()
    await callThrough(admission, () => Promise.resolve(forever()), leave.signal)
    expect(() => admission.admit(['a'])).toThrow('Too many calls')
    leave.abort()
    admission.admit(['a'])()
    expect(await callThrough(admission, () => Promise.resolve(3))).toBe(3)
  })

  it('are all refused after the stop', () => {
    const admission = admissionOf(1)
    admission.stop()
    expect(() => admission.admit(['settings', 'get'])).toThrow('Trestle is stopping')
    expect(admission.isStopped()).toBe(true)
  })
})
