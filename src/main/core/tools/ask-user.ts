import { z } from 'zod'
import { defineTool } from './define-tool'

const AskUserSchema = z.strictObject({
  question: z.string().trim().min(1).max(5_000).describe('One question, with what the person needs to know to answer it'),
  options: z.array(z.string().trim().min(1).max(500)).max(10).optional().describe('Answers to pick from; the person may also write another one'),
})

export const askUser = defineTool({
  name: 'ask_user',
  description: 'Ask the person a question and wait for the answer. Only for what you cannot find out yourself and should not decide alone.',
  capability: 'ask',
  readOnly: true,
  timeoutMs: null,
  input: AskUserSchema,
  prepare: async ({ question, options = [] }) => ({
    title: question.length > 200 ? `${question.slice(0, 199)}…` : question,
    paths: [],
    question: { text: question, choices: [...new Set(options)] },
    execute: async ({ answer }) =>
      answer === null ? { content: 'The person gave no answer.', isError: true } : { content: answer === '' ? '[An empty answer]' : answer },
  }),
})
