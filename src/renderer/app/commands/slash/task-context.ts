import type { Entry } from '#contract/entries'

/** Enough to know what "this" means, little enough to be read. */
const mostChars = 4_000

export function lastPrompt(entries: readonly Entry[]): string | null {
  return textsOf(entries, 'user_message').at(-1) ?? null
}

/** The conversation as background of a task: which one, and what was said last. `withoutPrompt`: the prompt is the task itself. */
export function contextOf(title: string, entries: readonly Entry[], withoutPrompt: boolean): string {
  const part = (name: string, text: string | undefined): readonly string[] => (text === undefined ? [] : [`## ${name}\n\n${cut(text)}`])
  const prompt = withoutPrompt ? undefined : textsOf(entries, 'user_message').at(-1)
  const said = [...part('What the person asked last', prompt), ...part('What the agent answered', textsOf(entries, 'assistant_message').at(-1))]
  return [`This comes from the conversation “${title}”.`, ...said].join('\n\n')
}

function textsOf(entries: readonly Entry[], kind: 'user_message' | 'assistant_message'): readonly string[] {
  return entries.flatMap(({ payload }) => (payload.kind === kind && payload.text.trim() !== '' ? [payload.text] : []))
}

function cut(text: string): string {
  return text.length <= mostChars ? text : `${text.slice(0, mostChars)}\n\n(The rest is left out.)`
}
