import type { McpAnswers, McpField, McpHelp } from '../ports/mcp-client'
import type { Asides } from '../tools/tool'

const MOST_TRIES = 3
const ALLOW = 'Let it ask my model once'
const YES = 'Yes'
const NO = 'No'
const LEAVE_OUT = 'Leave it out'

/** What a server asks for while a call of it is at work, as questions to the person. `onWait`: the time of the call stands still meanwhile. */
export function createHelp(server: string, { ask, reply }: Asides, onWait: () => () => void): McpHelp {
  const waiting = async <T>(work: () => Promise<T>): Promise<T> => {
    const goOn = onWait()
    try {
      return await work()
    } finally {
      goOn()
    }
  }
  const reason = `The MCP server ${server} asks this, not the agent. What you answer is sent to it: give it no passwords or keys.`
  return {
    ask: async ({ message, fields }, signal) => waiting(async () => {
      if (fields.length === 0) {
        const said = await ask({ text: `${server} asks: ${message}`, choices: [YES, NO], reason }, signal)
        return said === YES ? {} : null
      }
      const answers: Record<string, McpAnswers[string]> = {}
      for (const field of fields) {
        const value = await askField(field, `${server} asks: ${message}\n\n${field.label}${field.required ? '' : ' (can be left out)'}`)
        if (value === null) return null
        if (value !== undefined) answers[field.name] = value
      }
      return answers

      async function askField(field: McpField, text: string): Promise<McpAnswers[string] | null | undefined> {
        for (let tries = 0; tries < MOST_TRIES; tries += 1) {
          const said = await ask({ text: tries === 0 ? text : `${text}\n\nThat was not understood.`, choices: choicesOf(field), reason }, signal)
          if (said === null) return null
          if (said === LEAVE_OUT && !field.required) return undefined
          const value = read(field, said.trim())
          if (value !== null) return value
        }
        return null
      }
    }),
    sample: async (request, signal) => waiting(async () => {
      const shown = [request.system, ...request.messages.map(({ role, text }) => `${role}: ${text}`)].filter((part) => part !== '').join('\n\n')
      const said = await ask({ text: `${server} wants a reply of your model to this (at most ${request.maxTokens} tokens, which you pay):\n\n${shown}`, choices: [ALLOW], reason }, signal)
      return said === ALLOW ? reply(request, signal) : null
    }),
  }
}

function choicesOf({ kind, choices, required }: McpField): string[] {
  const own = kind === 'boolean' ? [YES, NO] : kind === 'choice' ? choices.map(({ label }) => label) : []
  return required ? own : [...own, LEAVE_OUT]
}

/** Null: it does not fit. */
function read({ kind, choices }: McpField, said: string): McpAnswers[string] | null {
  const valueOf = (text: string) => choices.find(({ value, label }) => label === text || value === text)?.value
  switch (kind) {
    case 'text': return said
    case 'boolean': return /^(yes|true)$/i.test(said) ? true : /^(no|false)$/i.test(said) ? false : null
    case 'number': return said !== '' && Number.isFinite(Number(said)) ? Number(said) : null
    case 'integer': return /^-?\d+$/.test(said) ? Number(said) : null
    case 'choice': return valueOf(said) ?? null
    case 'choices': {
      const picked = said.split(',').map((part) => part.trim()).filter((part) => part !== '').map(valueOf)
      return picked.every((value) => value !== undefined) ? picked : null
    }
  }
}
