import { expect, test } from 'vitest'
import type { McpConnection, McpListener } from '../ports/mcp-client'
import { AppError } from '../errors'
import { createManualClock } from '../../../testing/manual-clock'
import { createLiveServer } from './live-server'

const never = new AbortController().signal

/** A server that starts or not, as the test says. */
function bench() {
  const clock = createManualClock()
  const world = { fails: null as AppError | null, starts: 0, closed: 0, alone: true, listeners: [] as McpListener[], states: [] as string[] }
  const live = createLiveServer({
    clock, startsAlone: () => world.alone, readTools: () => Promise.resolve(), onChange: () => { world.states.push(live.current().state) },
    target: () => Promise.resolve({ id: 's', name: 's', transport: { kind: 'http', url: 'https://s.example/', headers: [] }, secrets: {}, credentials: { read: () => Promise.resolve(null), write: () => Promise.resolve() } }),
    clients: {
      confinement: () => ({ on: true, why: null }), signIn: () => Promise.reject(new Error('none')),
      connect: (_target, listener) => {
        world.starts += 1
        world.listeners.push(listener)
        if (world.fails) return Promise.reject(world.fails)
        const connection: Pick<McpConnection, 'about' | 'close'> = {
          about: { name: 's', version: '1', tools: true, resources: false, prompts: false }, close: () => { world.closed += 1; return Promise.resolve() },
        }
        return Promise.resolve(connection as McpConnection)
      },
    },
  })
  const settle = async () => { for (let turn = 0; turn < 60; turn += 1) await Promise.resolve() }
  return { clock, world, live, settle }
}

test('it is started once for many, and again after it ended, with growing pauses, until that is enough', async () => {
  const { clock, world, live, settle } = bench()
  await Promise.all([live.use(never), live.use(never)])
  expect([world.starts, live.current().state]).toEqual([1, 'running'])
  for (const pause of [1000, 2000, 4000, 8000, 16_000]) {
    world.listeners.at(-1)?.onEnd('it crashed')
    expect(live.current()).toMatchObject({ state: 'waiting', problem: 'It stopped: it crashed', retryAt: clock.now() + pause })
    await expect(live.use(never)).rejects.toThrow(/It starts again in \d+ s/)
    const before = world.starts
    clock.advance(pause - 1)
    expect(world.starts).toBe(before)
    clock.advance(1)
    await settle()
    expect([world.starts, live.current().state]).toEqual([before + 1, 'running'])
  }
  world.listeners.at(-1)?.onEnd('it crashed')
  expect(live.current().state).toBe('failed')
  await expect(live.use(never)).rejects.toThrow('A person can start it again')
  await live.restart()
  expect(live.current().state).toBe('running')
})

test('what would fail again is not tried again, and one that a person starts waits for them', async () => {
  const { clock, world, live, settle } = bench()
  world.fails = new AppError('AUTHENTICATION_ERROR', 'Sign in')
  await expect(live.use(never)).rejects.toThrow('Sign in')
  expect(live.current()).toMatchObject({ state: 'failed', refused: true })
  world.fails = null
  world.alone = false
  await live.restart()
  world.listeners.at(-1)?.onEnd('it crashed')
  clock.advance(1000)
  await settle()
  expect(live.current().state).toBe('idle')
})

test('stopped while it starts, nothing of it stays, and late words of it count no more', async () => {
  const { world, live, settle } = bench()
  const pending = live.use(never)
  pending.catch(() => undefined)
  await live.stop()
  await expect(pending).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect([live.current().state, world.closed >= world.starts]).toEqual(['idle', true])
  world.listeners.at(-1)?.onEnd('late')
  await settle()
  expect(live.current()).toMatchObject({ state: 'idle', problem: null })
})
