import { expect, it } from 'vitest'
import { createManualClock } from '../../../testing/manual-clock'
import { startWriter, type WriterProcess } from './testing/child'
import { createProfile } from './testing/profile'
import { at, entrySample } from './testing/samples'

it.each([1, 40, 250])('has everything that a process acknowledged before it was killed after %i transactions', async (count) => {
  const profile = createProfile(createManualClock(at))
  const writer = startWriter('write', profile.folder)
  try {
    const lines: string[] = []
    expect(await writer.line()).toBe('ready')
    while (lines.length < count) lines.push((await writer.line()) ?? 'ended')
    lines.push(...(await writer.kill()))

    const acknowledged = lines.length
    const { store, notices } = profile.open()
    const path = store.journal.path(`e${acknowledged}`)
    expect(path).toEqual(Array.from({ length: acknowledged }, (_, index) => entrySample(`e${index + 1}`, index === 0 ? null : `e${index}`)))
    expect(notices).toEqual([])

    // One more may be on disk that could not be acknowledged any more, but it is there as a whole.
    const steps = store.steps.listByRun('r1')
    const written = steps.length
    expect([acknowledged, acknowledged + 1]).toContain(written)
    expect(steps.map(({ state, entryId }) => `${state} ${entryId}`)).toEqual(Array.from({ length: written }, (_, index) => `completed e${index + 1}`))
    expect(store.runs.get('r1')).toMatchObject({ steps: written, costUsd: written * 0.5 })
    expect(store.sessions.get('s1')?.heads).toEqual([{ id: 's1-head', entryId: `e${written}`, createdAt: at }])

    const events = store.events.readAfter(0, written + 1) ?? []
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: written }, (_, index) => index + 1))
    expect(lines.at(-1)).toBe(`${acknowledged} ${acknowledged}`)
    expect(store.events.nextSeq()).toBeGreaterThan(written)
  } finally {
    await writer.kill()
    await profile.remove()
  }
})

it('refuses a profile that another process has open, and opens it as soon as that process was killed', async () => {
  const profile = createProfile(createManualClock(at))
  const holder = startWriter('hold', profile.folder)
  const opening: WriterProcess[] = []
  try {
    expect(await holder.line()).toBe('ready')
    expect(() => profile.open()).toThrow(expect.objectContaining({ code: 'PROFILE_IN_USE' }))
    const second = startWriter('hold', profile.folder)
    opening.push(second)
    expect(await second.line()).toBe('PROFILE_IN_USE')
    await holder.kill()
    expect(profile.open().notices).toEqual([])
  } finally {
    for (const child of [holder, ...opening]) await child.kill()
    await profile.remove()
  }
})
