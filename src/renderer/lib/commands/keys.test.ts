import { describe, expect, test } from 'vitest'
import { commandCatalogue, commandIds, KeysSchema } from '#contract/commands'
import { createBindings, defaultKeys, withKeys } from './bindings'
import { ariaKeys, keysOf, keysText, normalizeKeys, typesText } from './keys'
import { reservedFor } from './reserved'

const press = (key: string, code = '', held: readonly string[] = []) => ({
  key, code,
  ctrlKey: held.includes('ctrl'), metaKey: held.includes('meta'), altKey: held.includes('alt'), shiftKey: held.includes('shift'),
  getModifierState: () => held.includes('altgr'),
})
const desktop = { isMac: false, isDesktop: true }
const browser = { isMac: false, isDesktop: false }

describe('what is pressed', () => {
  test.each([
    ['a letter with Ctrl', press('k', 'KeyK', ['ctrl']), false, 'Mod+K'],
    ['Shift counts for letters', press('P', 'KeyP', ['ctrl', 'shift']), false, 'Mod+Shift+P'],
    ['a sign says itself that Shift is down', press('?', 'Slash', ['shift']), false, '?'],
    ['Cmd is Mod on a Mac', press('k', 'KeyK', ['meta']), true, 'Mod+K'],
    ['Ctrl is its own key on a Mac', press('k', 'KeyK', ['ctrl']), true, 'Ctrl+K'],
    ['Option types another sign on a Mac', press('ø', 'KeyO', ['alt']), true, 'Alt+O'],
    ['letters of another script are taken by their place', press('л', 'KeyK', ['ctrl']), false, 'Mod+K'],
    ['AltGr types', press('@', 'KeyQ', ['ctrl', 'alt', 'altgr']), false, '@'],
    ['function keys', press('F6', 'F6', ['shift']), false, 'Shift+F6'],
    ['the space bar', press(' ', 'Space', ['ctrl', 'shift']), false, 'Mod+Shift+Space'],
    ['plus', press('+', 'Equal', ['ctrl', 'shift']), false, 'Mod+Plus'],
    ['a modifier alone is nothing', press('Control', 'ControlLeft', ['ctrl']), false, null],
    ['a dead key is nothing', press('Dead', 'BracketLeft'), false, null],
    ['an input method at work is nothing', press('Process', 'KeyA'), false, null],
    ['the Windows key belongs to the system', press('k', 'KeyK', ['meta']), false, null],
  ])('%s', (_name, event, isMac, keys) => {
    expect(keysOf(event, isMac)).toBe(keys)
    if (keys !== null) expect(KeysSchema.safeParse(keys).success).toBe(true)
  })

  test('is shown as the keys of the machine are labelled', () => {
    expect(keysText('Mod+Shift+K', false)).toBe('Ctrl+Shift+K')
    expect(keysText('Mod+Shift+K', true)).toBe('⌘⇧K')
    expect(keysText('Alt+ArrowUp', false)).toBe('Alt+↑')
    expect(ariaKeys('Mod+K', true)).toBe('Meta+K')
    expect(normalizeKeys('Shift+Mod+k')).toBe('Mod+Shift+K')
  })

  test('belongs to the field that has the focus when it types something there', () => {
    expect(['?', '/', 'Shift+A', 'ArrowUp'].map((keys) => typesText(keys, false))).toEqual([true, true, true, true])
    expect(['Mod+K', 'Alt+N', 'F6', 'Shift+F6'].map((keys) => typesText(keys, false))).toEqual([false, false, false, false])
    expect(typesText('Alt+N', true)).toBe(true)
  })
})

describe('the shortcuts', () => {
  test.each([['desktop', desktop], ['browser', browser]])('no two commands have the same one, and none is reserved, on the %s', (_name, machine) => {
    const bindings = createBindings({}, machine)
    expect(commandIds.filter((id) => bindings.conflictsOf(id).length > 0)).toEqual([])
    const all = commandIds.flatMap((id) => defaultKeys(id, machine))
    expect(all.filter((keys) => !KeysSchema.safeParse(keys).success || reservedFor(keys, machine) !== null || normalizeKeys(keys) !== keys)).toEqual([])
  })

  test('what a person set outranks a default of another command, and both are named', () => {
    const bindings = createBindings({ 'go.home': ['Mod+B'] }, desktop)
    expect(bindings.commandOf('Mod+B')).toBe('go.home')
    expect(bindings.conflictsOf('go.home')).toEqual(['view.left'])
    expect(bindings.conflictsOf('view.left')).toEqual(['go.home'])
    expect(bindings.isDefault('go.home')).toBe(false)
  })

  test('commands of different views share a shortcut; the view that is shown gets it', () => {
    const bindings = createBindings({}, desktop)
    expect(bindings.commandOf('/', (id) => id === 'board.search')).toBe('board.search')
    expect(bindings.commandOf('/', (id) => id === 'composer.focus')).toBe('composer.focus')
    expect(bindings.commandOf('/', () => false)).toBeNull()
    expect(bindings.ownerOf('/', 'board.up')).toBe('board.search')
    expect(bindings.ownerOf('/', 'go.home')).toBe('composer.focus')
    expect(bindings.conflictsOf('board.search')).toEqual([])
  })

  test('an empty list takes a shortcut away, and unknown commands are left alone', () => {
    const overrides = { 'view.left': [], 'from.later': ['Mod+9'] }
    expect(createBindings(overrides, desktop).commandOf('Mod+B')).toBeNull()
    expect(withKeys(overrides, 'view.left', null, desktop)).toEqual({ 'from.later': ['Mod+9'] })
  })

  test('a command that is back at its default leaves the settings', () => {
    expect(withKeys({ 'view.left': ['F2'] }, 'view.left', ['Mod+B'], desktop)).toEqual({})
    expect(withKeys({}, 'view.left', ['Mod+B', 'F2'], desktop)).toEqual({ 'view.left': ['Mod+B', 'F2'] })
  })

  test('a browser keeps Ctrl+N, so that a new session has another one there', () => {
    expect(reservedFor('Mod+N', browser)).toContain('browser')
    expect(reservedFor('Mod+N', desktop)).toBeNull()
    expect(commandCatalogue['session.new'].keys).toEqual(['Mod+N'])
    expect(defaultKeys('session.new', browser)).toEqual(['Mod+Shift+O'])
  })
})
