/** One thing that can be done from the message field. */
export interface SlashCommand {
  readonly name: string
  readonly description: string
  /** What may stand behind it, for people: `[name]`. */
  readonly argument?: string
  /** What can be completed behind it. `goesOn`: something is to be typed behind that, as in `/memory add …`. */
  readonly choices?: readonly { readonly value: string; readonly note?: string; readonly goesOn?: boolean }[]
  /** Rejects with what to tell. Its result, if any, is told too. */
  readonly run: (argument: string) => Promise<string | undefined> | string | undefined | void
}

export type TypedInput =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'command'; readonly name: string; readonly argument: string }

/** What is typed is a command when it begins with one slash; with two it is a message that begins with one. */
export function parseTyped(text: string): TypedInput {
  const typed = text.trimStart()
  if (typed.startsWith('//')) return { kind: 'message', text: typed.slice(1) }
  const [, name, argument = ''] = /^\/(\S*)\s*([\s\S]*)$/.exec(typed) ?? []
  return name === undefined ? { kind: 'message', text } : { kind: 'command', name: name.toLowerCase(), argument: argument.trim() }
}

/** Something that a command was not given, or cannot do; told at the field, where what was typed stays. */
export class CommandError extends Error {}
