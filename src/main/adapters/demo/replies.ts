import type { ToolUse } from './conversation'

/** Text of others, cut and fenced so that it stays text. */
export function quote(text: string | null): string {
  const lines = (text ?? '').trim().split('\n')
  const shown = lines.slice(0, 20).map((line) => line.slice(0, 200).replaceAll('```', "'''"))
  const rest = lines.length > shown.length ? [`… and ${lines.length - shown.length} more lines`] : []
  return ['```text', ...shown, ...rest, '```'].join('\n')
}

export function tourFile(names: readonly string[], introduction: string | null, text: string | null): string {
  const heading = text?.split('\n').map((line) => /^\W*\d*\W*#{1,3}\s+(.+)$/.exec(line)?.[1]).find((found) => found !== undefined)
  return [
    '# What is in this folder',
    '',
    `This folder has ${names.length === 0 ? 'no files yet' : `${names.length} ${names.length === 1 ? 'entry' : 'entries'} that I could see`}.`,
    ...(names.length === 0 ? [] : ['', ...names.slice(0, 12).map((name) => `- \`${name}\``), ...(names.length > 12 ? [`- and ${names.length - 12} more`] : [])]),
    ...(introduction === null ? [] : ['', '## How it introduces itself', '', heading === undefined ? `I read \`${introduction}\`.` : `\`${introduction}\` begins with “${heading.trim()}”.`]),
    '',
    '---',
    '',
    'Written by the demo of Trestle. It is safe to delete.',
    '',
  ].join('\n')
}

export function closing({ listed, introduction, written, path }: {
  readonly listed: ToolUse | undefined
  readonly introduction: string | null
  readonly written: ToolUse | undefined
  readonly path: string
}): string {
  const saw = listed === undefined
    ? 'There was no folder to look at.'
    : listed.failed
      ? 'I could not look into the folder, so I left it at that.'
      : `I listed your folder${introduction === null ? '' : ` and read \`${introduction}\``}.`
  const wrote = written === undefined
    ? ''
    : written.denied
      ? ` You did not want \`${path}\`, so it was not written.`
      : written.failed
        ? ` Writing \`${path}\` did not work, and the row above says why.`
        : ` With your approval I wrote \`${path}\`.`
  return `${saw}${wrote}

I am a scripted model: no text of yours left this machine, and I cost nothing. What you saw is the real thing otherwise: each step is in the journal, and you can open the rows above to see what was asked and answered.

**Try next**

- “run something”: a command that waits for your approval
- “ask me something”: a question that waits in *Needs you*
- “think about it”: reasoning, kept apart from the answer
- “show me something long”: headings, a table and code
- “work as a team”: an agent that starts another one
- “make a plan”: tasks that you approve first

For real work, add a key or a local model server in Settings.`
}

export function friendlyAnswer(request: string): string {
  const words = request.replaceAll(/\s+/g, ' ').slice(0, 200).replaceAll(/[*_`[\]<>]/g, '')
  return `You wrote: “${words}”. A real model would get to work on that now; I only know a few lines by heart. Say **run**, **ask**, **think**, **long**, **team**, **plan** or **tour**, and I will show you that part of Trestle.`
}

export function thoughts(request: string): string {
  const words = request.replaceAll(/\s+/g, ' ').slice(0, 120)
  return `The person wrote “${words}”. They would like to see me think. I should look at what is asked, consider what I may do without asking, and keep the answer short. Then I begin.`
}

export const longReply = `# A longer answer

This reply exists to be looked at: it streams for a while and uses most of what Markdown offers.

## What an agent does in a run

1. It reads the conversation and the tools it may use.
2. It answers, or asks for a tool.
3. Each tool call is *prepared*, *authorised*, *executed* and *recorded*.
4. The result goes back to the model, until there is nothing left to do.

> What was recorded is never done twice, even when the power fails in between.

## Modes

| Mode | Reads | Edits | Commands |
|---|---|---|---|
| ask | run | ask | ask |
| auto-edit | run | run | ask |
| plan | run | refused | refused |

## Some code

\`\`\`ts
interface Step {
  readonly name: string
  readonly startedAt: number
  readonly endedAt: number | null
}

/** The steps that have not ended, oldest first. */
export function unfinished(steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.endedAt === null).sort((left, right) => left.startedAt - right.startedAt)
}
\`\`\`

And a shell session:

\`\`\`sh
$ npm run serve -- --workspace . --port 0
{"event":"ready"}
\`\`\`

## A list in a list

- Journal
  - messages
  - tool calls and their results
  - approvals
- Workspace
  - files
  - the bin, from which deleted files can be taken back

### In the end

That was **all**. The [documentation](https://example.com/docs) opens only after a click, and ~~images from elsewhere~~ are not loaded.
`
