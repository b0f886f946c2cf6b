import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandCatalogue, commandIds } from '#contract/commands'
import type { Notification } from '#contract/work'
import { createManualClock } from '../../../../testing/manual-clock'
import { startTestRuntime } from '../../../../testing/test-runtime'
import { toAccelerator } from './accelerator'
import { watchForDesktop } from './desktop-watch'
import { createInstructions } from './instructions'
import { linkIn } from './link-argument'
import { appMenu } from './menu-template'
import { createQuickShortcut } from './quick-shortcut'
import { trayMenu, type TrayState, trayTooltip } from './tray-template'
import { createUpdates, type Updater } from './updates'
import { createWindowMemory, visibleBounds } from './window-memory'

const work = { pausedAt: null, lockedAt: null, running: 2, waiting: 1, queued: 0, held: 0, ready: 0 }
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

test.each([
  ['Mod+Shift+Space', 'CommandOrControl+Shift+Space'], ['Alt+ArrowUp', 'Alt+Up'], ['F6', 'F6'], ['Mod+,', 'CommandOrControl+,'], ['Mod+Plus', 'CommandOrControl+Plus'],
  ['Mod+é', null], ['Mod+AudioVolumeUp', null],
])('%s is the accelerator %s', (keys, accelerator) => {
  expect(toAccelerator(keys)).toBe(accelerator)
})

describe('the menu of the application', () => {
  test('has every command once, with its shortcut as it is set', () => {
    const entries = appMenu({ shortcuts: { 'view.left': ['F9'], 'view.right': [] }, isMac: false }).flatMap((menu) => menu.entries)
    const commands = entries.flatMap((entry) => (entry.kind === 'command' ? [entry] : []))
    const shown = commandIds.filter((id) => commandCatalogue[id].group !== 'Model and mode' && commandCatalogue[id].only !== 'board')
    expect(commands.map(({ id }) => id).sort()).toEqual([...shown].sort())
    expect(commands.find(({ id }) => id === 'view.left')).toMatchObject({ accelerator: 'F9', label: 'Show or hide the sessions' })
    expect(commands.find(({ id }) => id === 'view.right')).toMatchObject({ accelerator: null })
    expect(commands.find(({ id }) => id === 'session.new')).toMatchObject({ accelerator: 'CommandOrControl+N' })
  })

  test('is the usual one on a Mac', () => {
    const [first] = appMenu({ shortcuts: {}, isMac: true })
    expect(first?.entries.flatMap((entry) => (entry.kind === 'role' ? [entry.role] : []))).toEqual(['about', 'services', 'hide', 'hideOthers', 'quit'])
  })
})

describe('the tray', () => {
  const state: TrayState = { work, needsYou: 1, recent: [{ id: 's1', title: 'R&D \u202Eplan\n' }, ...Array.from({ length: 9 }, (_item, index) => ({ id: `x${index}`, title: `Session ${index}` }))] }

  test('shows how many run and need someone, and the last sessions, with nothing hidden in their titles', () => {
    expect(trayTooltip(state)).toBe('Trestle, 2 running, 1 need you')
    expect(trayMenu(state).map((entry) => (entry.kind === 'line' ? '–' : entry.label))).toEqual([
      '2 running', '1 needs you…', '–', 'Quick prompt…', 'Open Trestle', '–', 'R&&D plan', 'Session 0', 'Session 1', 'Session 2', 'Session 3', 'Session 4', '–', 'Pause all agents', 'Lock down: stop all agents at once', 'Quit Trestle',
    ])
  })

  test('lets paused agents go on', () => {
    const paused = trayMenu({ work: { ...work, pausedAt: 1, held: 2 }, needsYou: 0, recent: [] })
    expect(paused).toContainEqual({ kind: 'action', label: 'Let all agents go on', action: { do: 'resume' } })
    expect(paused[0]).toEqual({ kind: 'text', label: '2 running, 2 held' })
  })
})

describe('the shortcut of the quick prompt', () => {
  const shortcuts = (taken: readonly string[]) => {
    const held = new Map<string, () => void>()
    return {
      held,
      register: (accelerator: string, run: () => void) => {
        if (taken.includes(accelerator)) return false
        if (accelerator === 'Alt+1') throw new Error('unknown to this system')
        held.set(accelerator, run)
        return true
      },
      unregister: (accelerator: string) => void held.delete(accelerator),
    }
  }

  test('is given back when another one is set', () => {
    const system = shortcuts([])
    const quick = createQuickShortcut(system, () => {})
    quick.use('Mod+Shift+Space')
    expect(quick.state()).toEqual({ keys: 'Mod+Shift+Space', state: 'active' })
    quick.use('F9')
    expect([...system.held.keys()]).toEqual(['F9'])
    quick.use(null)
    expect([quick.state(), system.held.size]).toEqual([{ keys: null, state: 'off' }, 0])
  })

  test.each([['Mod+Shift+Space', 'taken'], ['Alt+1', 'invalid'], ['Mod+é', 'invalid']])('%s is %s, and says so', (keys, state) => {
    const quick = createQuickShortcut(shortcuts(['CommandOrControl+Shift+Space']), () => {})
    quick.use(keys)
    expect(quick.state()).toEqual({ keys, state })
  })
})

describe('windows', () => {
  test('are remembered, and a file that makes no sense is no windows', () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trestle-windows-')))
    const path = join(folder, 'windows.json')
    const memory = createWindowMemory(path)
    const one = { bounds: { x: -10, y: 20, width: 900, height: 700 }, maximized: false, hash: '#/session/a' }
    expect(memory.read()).toEqual([])
    memory.write([one])
    expect(memory.read()).toEqual([one])
    writeFileSync(path, readFileSync(path, 'utf8').replace('900', '"wide"'))
    expect(memory.read()).toEqual([])
    rmSync(folder, { recursive: true })
  })

  test('come back where they are seen', () => {
    const display = { x: 0, y: 0, width: 1920, height: 1080 }
    const inside = { x: 1800, y: 100, width: 800, height: 600 }
    expect(visibleBounds(inside, [display])).toEqual(inside)
    expect(visibleBounds({ ...inside, x: 1900 }, [display])).toBeNull()
    expect(visibleBounds({ ...inside, x: 2000 }, [])).toBeNull()
  })

  test('get what is asked of them once they ask, and only that', async () => {
    const instructions = createInstructions()
    instructions.send('1', { kind: 'command', id: 'view.left' })
    instructions.send('2', { kind: 'go', hash: '#/session/a' })
    const stop = new AbortController()
    const first = instructions.follow('1', stop.signal)
    expect((await first.next()).value).toEqual({ kind: 'command', id: 'view.left' })
    const next = first.next()
    instructions.send('1', { kind: 'propose', link: 'trestle://x' })
    expect((await next).value).toEqual({ kind: 'propose', link: 'trestle://x' })
    const last = first.next()
    stop.abort()
    expect((await last).done).toBe(true)
  })
})

test('of the arguments of a start only a link of Trestle is taken', () => {
  expect(linkIn(['/opt/trestle', '--flag', 'TRESTLE://session/a'])).toBe('TRESTLE://session/a')
  expect(linkIn(['https://example.com/trestle://', `trestle://${'a'.repeat(5000)}`])).toBeNull()
})

describe('updates', () => {
  const updater = () => {
    const listeners = new Map<string, (info: { readonly version: string } & Error) => void>()
    const feeds: string[] = []
    const made: Updater = {
      setFeedURL: (url) => void feeds.push(url),
      checkForUpdates: () => Promise.resolve(listeners.get('update-downloaded')?.(Object.assign(new Error('x'), { version: '2.0.0' }))),
      on: (event: string, listener: (info: never) => void) => listeners.set(event, listener as never),
    }
    return { made, feeds }
  }

  test('without a feed nothing is loaded and nothing is asked', async () => {
    let loaded = 0
    const updates = createUpdates({ load: () => Promise.resolve((loaded += 1, updater().made)), after: () => () => {}, logger: quiet })
    await updates.follow(null)
    expect([loaded, updates.state()]).toEqual([0, { state: 'off', version: null }])
  })

  test('with one it is looked at, and again after hours; taken away, it stops', async () => {
    const { made, feeds } = updater()
    const timers: (() => void)[] = []
    let cancelled = 0
    const updates = createUpdates({ load: () => Promise.resolve(made), after: (_ms, callback) => (timers.push(callback), () => { cancelled += 1 }), logger: quiet })
    await updates.follow('https://updates.example')
    expect([feeds, updates.state(), timers.length]).toEqual([['https://updates.example'], { state: 'ready', version: '2.0.0' }, 1])
    await updates.follow(null)
    expect([updates.state().state, cancelled]).toEqual(['off', 1])
  })

  test('a feed that fails is told and never throws', async () => {
    const updates = createUpdates({ load: () => Promise.reject(new Error('no such package')), after: () => () => {}, logger: quiet })
    await updates.follow('https://updates.example')
    expect(updates.state()).toEqual({ state: 'failed', version: null })
  })
})

test('the desktop tells what a person should know while nobody looks, and keeps the tray true', async () => {
  const clock = createManualClock()
  const { runtime, client, until } = startTestRuntime({ clock, script: (_request, call) => (call === 0 ? { toolCalls: [{ name: 'write', arguments: { path: 'a' } }] } : { text: 'Done.' }) })
  await runtime.start()
  const told: Notification[] = []
  const states: TrayState[] = []
  let watched = false
  const stop = watchForDesktop({
    events: runtime.events, isWatched: () => watched, onNotification: (notification) => told.push(notification), after: clock.after,
    onState: (state) => states.push(state),
    readState: async () => ({ work: await client.work.get({}), needsYou: (await client.humanRequests.list({ status: 'open' })).items.length, recent: [] }),
  })
  const session = await client.sessions.create({ workspaceId: 'workspace' })
  await client.sessions.send({ id: session.id, text: 'Tidy up' })
  await until((event) => event.topic === 'notification', 0)
  await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['needs-you'])
  clock.advance(300)
  await expect.poll(() => states.at(-1)?.needsYou).toBe(1)
  watched = true
  const { items: [request] } = await client.humanRequests.list({ status: 'open' })
  await client.humanRequests.answer({ id: request?.id ?? '', decision: 'once' })
  await until((event) => event.topic === 'notification' && event.payload.kind === 'finished', 0)
  expect(told).toHaveLength(1)
  stop()
})
