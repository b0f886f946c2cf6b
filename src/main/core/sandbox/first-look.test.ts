import { expect, it } from 'vitest'
import type { SandboxStatus } from '../ports/sandbox'
import { createFirstLook } from './first-look'

it('looks once, whoever asks and however often, after what is left of earlier sessions is gone, and says why there is none', async () => {
  const done: string[] = []
  const off: SandboxStatus = { state: 'off', kind: null, network: false, why: 'There is none.' }
  let answer = (_status: SandboxStatus) => {}
  const looked = new Promise<SandboxStatus>((resolve) => { answer = resolve })
  const known = createFirstLook(
    { tidy: () => { done.push('tidied'); return Promise.resolve() }, look: () => { done.push('looks'); return looked } },
    { warn: (event, fields) => void done.push(`${event}: ${String(fields?.['why'])}`) },
  )
  const waiting = [known(), known()].map((promise) => promise.then(() => done.push('known')))
  await Promise.resolve()
  expect(done).toEqual(['tidied', 'looks'])
  answer(off)
  await Promise.all(waiting)
  expect(done).toEqual(['tidied', 'looks', 'sandbox.off: There is none.', 'known', 'known'])
})
