import type { DemoTurn, ToolUse } from './conversation'
import { closing, friendlyAnswer, longReply, quote, thoughts, tourFile } from './replies'

export interface DemoReply {
  readonly thinking?: string
  readonly text: string
  readonly toolCall?: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }
}

export const tourPath = 'trestle-tour.md'

/** What the scripted agent says next. Depends on the conversation alone, so that every request can be repeated. */
export function decideReply(turn: DemoTurn): DemoReply {
  const thinking = has(turn, 'think') && turn.uses.length === 0 ? { thinking: thoughts(turn.request) } : {}
  return { ...thinking, ...decideAction(turn) }
}

function decideAction(turn: DemoTurn): DemoReply {
  if (turn.request.includes(partMark)) return part(turn)
  if (has(turn, 'team') && turn.tools.has('delegate')) return team(turn)
  if (has(turn, 'plan') && turn.tools.has('propose_plan')) return plan(turn)
  if (turn.number <= 1 || has(turn, 'tour')) return tour(turn)
  if (has(turn, 'run') && turn.tools.has('run_command')) return run(turn)
  if (has(turn, 'ask') && turn.tools.has('ask_user')) return ask(turn)
  if (has(turn, 'long')) return { text: longReply }
  return { text: friendlyAnswer(turn.request) }
}

function has(turn: DemoTurn, word: string): boolean {
  return turn.request.toLowerCase().split(/[^a-z]+/).includes(word)
}

/** Lists the folder, reads what introduces it, proposes a file about it, and says how that went. */
function tour({ uses, tools }: DemoTurn): DemoReply {
  const use = (name: string) => uses.findLast((candidate) => candidate.name === name)
  const listed = use('list_files')
  if (listed === undefined && tools.has('list_files')) {
    return { text: 'Hello! Let me have a look at your folder first.', toolCall: { name: 'list_files', arguments: {} } }
  }
  const names = namesIn(listed)
  const introduction = findIntroduction(names)
  const read = use('read_file')
  if (read === undefined && introduction !== null && tools.has('read_file')) {
    return { text: `There is a \`${introduction}\`, which probably says what this is about.`, toolCall: { name: 'read_file', arguments: { path: introduction } } }
  }
  const written = use('write_file')
  if (written === undefined && listed?.failed !== true && tools.has('write_file')) {
    const content = tourFile(names, introduction, read === undefined || read.failed ? null : read.result)
    return {
      text: `I would like to write down what I saw in \`${tourPath}\`. You decide: nothing is changed before you allow it.`,
      toolCall: { name: 'write_file', arguments: { path: tourPath, content } },
    }
  }
  return { text: closing({ listed, introduction, written, path: tourPath }) }
}

/** What a part of the work begins with that was given to another agent. */
const partMark = 'A part of the demo:'

/** Has another agent look, and says what that said. */
function team({ uses }: DemoTurn): DemoReply {
  const asked = uses.find((use) => use.name === 'delegate')
  if (asked === undefined) {
    return {
      text: 'I have another agent look at the folder. It is in the tree of agents, under Run.',
      toolCall: { name: 'delegate', arguments: { title: 'Look at the folder', template: 'explore', instruction: `${partMark} say how many entries the folder has.` } },
    }
  }
  return { text: `The other agent said:\n\n${quote(asked.result)}` }
}

/** Proposes two tasks, the second after the first. */
function plan({ uses }: DemoTurn): DemoReply {
  const proposed = uses.find((use) => use.name === 'propose_plan')
  if (proposed === undefined) {
    const task = (key: string, title: string, dependsOn: readonly string[]) => ({ key, title, dependsOn, template: 'explore', instruction: `${partMark} say how many entries the folder has.` })
    return {
      text: 'Here is a plan. Change it, approve it, or send it back.',
      toolCall: { name: 'propose_plan', arguments: { title: 'Look twice', tasks: [task('first', 'Look at the folder', []), task('again', 'Look once more', ['first'])] } },
    }
  }
  if (proposed.failed) return { text: 'All right, no plan then. You can tell me what to do instead.' }
  return { text: `This is what came of the plan:\n\n${quote(proposed.result)}` }
}

function part({ uses, tools }: DemoTurn): DemoReply {
  const listed = uses.find((use) => use.name === 'list_files')
  if (listed === undefined && tools.has('list_files')) return { text: 'I look.', toolCall: { name: 'list_files', arguments: {} } }
  const count = namesIn(listed).length
  return { text: `I see ${count} ${count === 1 ? 'entry' : 'entries'}.` }
}

function run({ request, uses }: DemoTurn): DemoReply {
  const done = uses.find((use) => use.name === 'run_command')
  if (done === undefined) {
    const words = /\becho\s+([\w .,!-]{1,80})/i.exec(request)?.[1]?.trim()
    const command = words === undefined ? 'ls -la' : `echo ${words}`
    return { text: `I would run \`${command}\` for that. Commands always ask first.`, toolCall: { name: 'run_command', arguments: { command } } }
  }
  if (done.denied) return { text: 'All right, I did not run it. You can tell me what to do instead.' }
  if (done.failed) return { text: `That did not work:\n\n${quote(done.result)}\n\nWith a real model, the agent would now look for the reason.` }
  return { text: `The command ran. This is what it printed:\n\n${quote(done.result)}` }
}

function ask({ uses }: DemoTurn): DemoReply {
  const asked = uses.find((use) => use.name === 'ask_user')
  if (asked === undefined) {
    return {
      text: 'I have a question before I go on.',
      toolCall: { name: 'ask_user', arguments: { question: 'Which way shall we take?', options: ['The quick one', 'The careful one', 'You decide'] } },
    }
  }
  if (asked.failed) return { text: 'No answer is fine too. We can go on whenever you like.' }
  return { text: `Thank you. Your answer was:\n\n${quote(asked.result)}\n\nThat is how an agent asks you things: the run waits until you answer, even over a restart.` }
}

/** File and folder names of a listing, one per line, whatever is written behind them. Notes are in brackets. */
function namesIn(listed: ToolUse | undefined): string[] {
  if (listed === undefined || listed.failed || listed.result === null) return []
  return listed.result
    .split('\n')
    .slice(0, 2000)
    .filter((line) => !line.startsWith('['))
    .map((line) => line.replace(/^[\s\-*•│├└─]+/, '').split(/\t| {2,}| \(/)[0]?.trim() ?? '')
    .filter((name) => name !== '' && name.length <= 200 && !name.endsWith(':'))
}

function findIntroduction(names: readonly string[]): string | null {
  const files = names.filter((name) => !name.endsWith('/') && name !== tourPath)
  const wanted = [/(^|\/)readme[^/]*$/i, /(^|\/)(about|index|notes|contributing)[^/]*\.(md|txt)$/i, /\.(md|txt)$/i, /(^|\/)package\.json$/]
  for (const pattern of wanted) {
    const fitting = files.filter((name) => pattern.test(name)).sort((left, right) => left.split('/').length - right.split('/').length)
    if (fitting[0] !== undefined) return fitting[0]
  }
  return null
}
