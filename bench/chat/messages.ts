import type { EntryPayload } from '../../src/contract/entries'

const prose = 'The loader reads every file of the folder once, keeps a hash of each, and compares it with what it knew. When nothing differs, it stops there and **says so**. See `src/loader.ts` and [the notes](https://example.com/notes) for the reasons.'

const code = `\`\`\`ts
import { readFile } from 'node:fs/promises'

/** Reads a file and counts its lines. */
export async function countLines(path: string): Promise<number> {
  const text = await readFile(path, 'utf8')
  return text === '' ? 0 : text.split('\\n').length
}

export const limits = { files: 100_000, bytes: 1_300_000_000, depth: 40 } as const
\`\`\``

const table = `| file | lines | changed | why |
|---|--:|---|---|
${Array.from({ length: 12 }, (_, row) => `| \`src/part-${row}.ts\` | ${row * 37 + 12} | ${row % 3 === 0 ? 'yes' : 'no'} | ${row % 2 === 0 ? 'its import moved' : 'a *clearer* name'} |`).join('\n')}`

const list = Array.from({ length: 8 }, (_, item) => `${item + 1}. Step ${item + 1}: look at \`file-${item}.ts\`\n   - what it reads\n   - what it **writes**`).join('\n')

const answers = [
  (turn: number) => `## Turn ${turn}\n\n${prose}\n\n${code}\n\nThat is all there is to change.`,
  (turn: number) => `${prose}\n\n${table}\n\n${prose} (${turn})`,
  (turn: number) => `I did this in turn ${turn}:\n\n${list}\n\n> ${prose}\n\n- [x] tests\n- [ ] words`,
  (turn: number) => `${prose}\n\n${prose}\n\n${code}\n\n${list}\n\nTurn ${turn} is done.`,
] as const

/** The answer of a turn: code, tables, lists and prose by turns. */
export function answerOf(turn: number): string {
  return (answers[turn % answers.length] ?? answers[0])(turn)
}

/** A conversation of so many messages: what a person asked, a tool call with its result, an answer. */
export function conversation(count: number): readonly EntryPayload[] {
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / 4)
    const callId = `call-${turn}`
    switch (index % 4) {
      case 0: return { kind: 'user_message', text: `Question ${turn}: what does part ${turn} of the loader do, and can it be made simpler?` }
      case 1:
        return {
          kind: 'assistant_message', text: '', thinking: [], model: 'openai/bench', finishReason: 'tool_calls',
          toolCalls: [{ id: callId, name: turn % 2 === 0 ? 'read_file' : 'run_command', arguments: turn % 2 === 0 ? { path: `src/part-${turn}.ts` } : { command: `npm test -- part-${turn}` } }],
        }
      case 2:
        return {
          kind: 'tool_result', callId, toolName: turn % 2 === 0 ? 'read_file' : 'run_command', outcome: 'success', durationMs: 40,
          content: `\u001b[32m✓\u001b[0m part ${turn}\n`.repeat(20), ...(turn % 2 === 0 ? {} : { details: { kind: 'command', command: 'npm test', exitCode: 0, signal: null } }),
        }
      default: return { kind: 'assistant_message', text: answerOf(turn), thinking: [], toolCalls: [], model: 'openai/bench', finishReason: 'stop' }
    }
  })
}
