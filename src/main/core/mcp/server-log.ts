import type { McpLogLine } from '#contract/mcp'

const MOST_LINES = 500
const LONGEST = 2000

/** The last lines of one server, in memory. */
export function createServerLog(now: () => number) {
  let lines: McpLogLine[] = []
  let dropped = 0
  return {
    add: (from: McpLogLine['from'], text: string) => {
      lines.push({ at: now(), from, text: text.slice(0, LONGEST) })
      if (lines.length > MOST_LINES * 2) lines = lines.slice(-MOST_LINES)
    },
    drop: (count: number) => { dropped += count },
    read: () => ({ lines: lines.slice(-MOST_LINES), dropped }),
  }
}
export type ServerLog = ReturnType<typeof createServerLog>
