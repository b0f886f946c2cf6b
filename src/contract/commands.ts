import { z } from 'zod'

/**
 * One or several modifiers and a key, joined by `+`: `Mod+K`, `Alt+Shift+N`, `F6`, `?`. `Mod` is Cmd on a Mac and Ctrl
 * elsewhere. A sign that needs Shift to be typed is written as the sign, without Shift.
 */
export const KeysSchema = z.string().max(40)
  .regex(/^(?:(?:Mod|Ctrl|Alt|Shift)\+){0,4}(?:[^\s+]|[A-Z][A-Za-z0-9]{1,15})$/, 'A shortcut looks like Mod+Shift+K')

export interface CommandInfo {
  readonly title: string
  readonly group: CommandGroup
  /** Default shortcuts, the one to be shown first. */
  readonly keys?: readonly string[]
  /** Instead of `keys` where a browser keeps those for itself. */
  readonly browserKeys?: readonly string[]
  /** Other words that find it in the palette. */
  readonly words?: string
  /** The only view that offers it. Commands of different views may have the same shortcut. */
  readonly only?: 'conversation' | 'board' | 'memory'
}

export const commandGroups = ['Go to', 'Session', 'Message', 'Tasks', 'View', 'Folder', 'Model and mode', 'Trestle'] as const
export type CommandGroup = (typeof commandGroups)[number]

const info = <Id extends string>(commands: Readonly<Record<Id, CommandInfo>>): Readonly<Record<Id, CommandInfo>> => commands

/**
 * Every command that a person can give, in the order in which lists show them. The palette, the shortcuts, their settings
 * and the menus read this table; what a command does is told by the part of the window that can do it, with `useCommands`.
 */
export const commandCatalogue = info({
  'palette.open': { title: 'Show all commands', group: 'Go to', keys: ['Mod+K', 'Mod+Shift+P'], words: 'palette' },
  'go.home': { title: 'Go to the start', group: 'Go to', words: 'home welcome' },
  'go.needs-you': { title: 'Go to what needs you', group: 'Go to', keys: ['Mod+Shift+U'], words: 'approvals inbox questions' },
  'tasks.open': { title: 'Go to the tasks', group: 'Go to', keys: ['Mod+Shift+B'], words: 'board kanban work' },
  'schedules.open': { title: 'Go to the schedules', group: 'Go to', keys: ['Mod+Shift+Y'], words: 'cron planned calendar occurrences' },
  'workflows.open': { title: 'Go to the workflows', group: 'Go to', keys: ['Mod+Shift+G'], words: 'steps rules approvals automation' },
  'memory.open': { title: 'Go to the memory', group: 'Go to', keys: ['Mod+Shift+M'], words: 'remember facts knowledge browser' },
  'go.next-pane': { title: 'Next part of the window', group: 'Go to', keys: ['F6'], words: 'focus pane' },
  'go.previous-pane': { title: 'Previous part of the window', group: 'Go to', keys: ['Shift+F6'], words: 'focus pane' },

  'session.new': { title: 'New session', group: 'Session', keys: ['Mod+N'], browserKeys: ['Mod+Shift+O'], words: 'chat conversation' },
  'session.next': { title: 'Next session', group: 'Session', keys: ['Alt+ArrowDown'] },
  'session.previous': { title: 'Previous session', group: 'Session', keys: ['Alt+ArrowUp'] },
  'session.search': { title: 'Search sessions', group: 'Session', keys: ['Mod+Shift+F'], words: 'find content messages' },
  'session.pin': { title: 'Pin or unpin this session', group: 'Session' },
  'session.export-markdown': { title: 'Export this session as Markdown', group: 'Session', words: 'save download' },
  'session.export-json': { title: 'Export this session as JSON', group: 'Session', words: 'save download branches' },
  'session.delete': { title: 'Delete this session', group: 'Session', words: 'remove bin trash' },
  'session.archive': { title: 'Archive this session', group: 'Session' },
  'session.pop-out': { title: 'Open this session in a window of its own', group: 'Session', words: 'pop out tab' },
  'session.stop': { title: 'Stop the agent', group: 'Session', keys: ['Mod+.'], words: 'cancel abort' },
  'checkpoint.save': { title: 'Save a checkpoint', group: 'Session', keys: ['Mod+Shift+S'] },
  'timeline.open': { title: 'Timeline and comparison', group: 'Session', keys: ['Mod+Shift+H'], words: 'history undo restore' },

  'chat.find': { title: 'Find in this conversation', group: 'Session', keys: ['Mod+F'], words: 'search text messages' },
  'chat.prompts': { title: 'Go to a prompt of this conversation', group: 'Session', keys: ['Mod+Shift+J'], words: 'questions rail jump list' },
  'chat.newest': { title: 'Go to the newest message', group: 'Session', words: 'end latest bottom' },
  'usage.open': { title: 'Tokens and cost', group: 'Go to', words: 'usage spend price statistics' },

  'composer.focus': { title: 'Write a message', group: 'Message', keys: ['Mod+L', '/'], browserKeys: ['/'], words: 'composer focus', only: 'conversation' },

  'task.new': { title: 'New task', group: 'Tasks', keys: ['C'], words: 'create add later' },
  'board.search': { title: 'Search the tasks', group: 'Tasks', keys: ['/'], words: 'find filter', only: 'board' },
  'board.look': { title: 'Show the tasks as board or list', group: 'Tasks', keys: ['V'], words: 'table kanban', only: 'board' },
  'board.mine': { title: 'Show only what I asked for, or everything', group: 'Tasks', keys: ['M'], words: 'fold children', only: 'board' },
  'board.down': { title: 'Next card', group: 'Tasks', keys: ['J'], only: 'board' },
  'board.up': { title: 'Card before', group: 'Tasks', keys: ['K'], only: 'board' },
  'board.left': { title: 'Column to the left', group: 'Tasks', keys: ['H'], only: 'board' },
  'board.right': { title: 'Column to the right', group: 'Tasks', keys: ['L'], only: 'board' },
  'board.select': { title: 'Select the card', group: 'Tasks', keys: ['X'], words: 'mark several', only: 'board' },
  'board.move-down': { title: 'Move the card down', group: 'Tasks', keys: ['Shift+J'], words: 'order', only: 'board' },
  'board.move-up': { title: 'Move the card up', group: 'Tasks', keys: ['Shift+K'], words: 'order', only: 'board' },
  'board.move-left': { title: 'Move the card to the column on its left', group: 'Tasks', keys: ['Shift+H'], words: 'state', only: 'board' },
  'board.move-right': { title: 'Move the card to the column on its right', group: 'Tasks', keys: ['Shift+L'], words: 'state', only: 'board' },

  'memory.search': { title: 'Search the memory', group: 'Go to', keys: ['/'], words: 'find filter recall', only: 'memory' },

  'view.left': { title: 'Show or hide the sessions', group: 'View', keys: ['Mod+B'], words: 'sidebar left pane' },
  'view.right': { title: 'Show or hide the context', group: 'View', keys: ['Mod+J'], words: 'inspector right pane' },

  'files.quick-open': { title: 'Go to file', group: 'Folder', keys: ['Mod+P'], words: 'open quick find name' },
  'files.show': { title: 'Show the files', group: 'Folder', keys: ['Mod+Shift+E'], words: 'tree explorer' },
  'files.find': { title: 'Search and replace in the folder', group: 'Folder', keys: ['Mod+Shift+L'], words: 'find text grep' },
  'editor.go-to-line': { title: 'Go to line', group: 'Folder', keys: ['Mod+G'] },
  'editor.save': { title: 'Save the file', group: 'Folder', keys: ['Mod+S'] },
  'editor.close': { title: 'Close the file', group: 'Folder', keys: ['Mod+W'], browserKeys: ['Alt+W'], words: 'tab' },
  'editor.next-tab': { title: 'Next open file', group: 'Folder', keys: ['Mod+PageDown'], browserKeys: ['Alt+PageDown'], words: 'tab' },
  'editor.previous-tab': { title: 'Open file before', group: 'Folder', keys: ['Mod+PageUp'], browserKeys: ['Alt+PageUp'], words: 'tab' },
  'terminal.toggle': { title: 'Show or hide the terminal', group: 'Folder', keys: ['Ctrl+`', 'Mod+`'], words: 'shell console' },
  'terminal.new': { title: 'New terminal', group: 'Folder', keys: ['Ctrl+~', 'Mod+~'], words: 'shell console' },
  'folder.open': { title: 'Open a folder', group: 'Folder', keys: ['Mod+O'], words: 'workspace' },
  'folder.trust': { title: 'Decide about trust in this folder', group: 'Folder', words: 'read-only' },

  'quick.open': { title: 'Quick prompt', group: 'Trestle', words: 'ask small window' },
  'work.pause': { title: 'Pause all agents', group: 'Trestle', words: 'stop hold freeze' },
  'work.resume': { title: 'Let all agents go on', group: 'Trestle', words: 'resume continue unpause' },
  'work.lock-down': { title: 'Lock down: stop all agents at once', group: 'Trestle', words: 'emergency panic kill stop' },
  'work.lift': { title: 'Lift the lock-down', group: 'Trestle', words: 'unlock resume' },
  'trestle.settings': { title: 'Settings', group: 'Trestle', keys: ['Mod+,'], words: 'preferences options' },
  'settings.appearance': { title: 'Settings: appearance', group: 'Trestle', words: 'theme dark light font density contrast' },
  'settings.models': { title: 'Settings: models and keys', group: 'Trestle', words: 'provider api key openai anthropic' },
  'settings.behavior': { title: 'Settings: behaviour', group: 'Trestle', words: 'rules style habits instructions profile' },
  'settings.memory': { title: 'Settings: memory', group: 'Trestle', words: 'remember learn recall embedding review' },
  'settings.data': { title: 'Settings: backups and data', group: 'Trestle', words: 'export erase restore' },
  'settings.about': { title: 'Settings: about and diagnostics', group: 'Trestle', words: 'version report errors' },
  'trestle.shortcuts': { title: 'Keyboard shortcuts', group: 'Trestle', keys: ['?', 'Mod+/'], words: 'keys help' },
})
export type CommandId = keyof typeof commandCatalogue

export function isCommandId(id: string): id is CommandId {
  return Object.hasOwn(commandCatalogue, id)
}

export const commandIds: readonly CommandId[] = Object.keys(commandCatalogue).filter(isCommandId)
