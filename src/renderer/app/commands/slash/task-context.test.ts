import { expect, test } from 'vitest'
import type { Entry } from '#contract/entries'
import { contextOf, lastPrompt } from './task-context'

const entry = (payload: Entry['payload']): Entry => ({ id: 'e', sessionId: 's', parentId: null, runId: null, stepId: null, at: 0, payload } as Entry)
const said = (text: string) => entry({ kind: 'user_message', text })
const answered = (text: string) => entry({ kind: 'assistant_message', text, thinking: [], toolCalls: [], model: 'a/b', finishReason: 'stop' })

test('a task knows what was said last in its conversation', () => {
  const entries = [said('First'), answered('One'), said('Second'), answered('Two'), answered('')]
  expect(lastPrompt(entries)).toBe('Second')
  expect(contextOf('Ships', entries, false)).toBe('This comes from the conversation “Ships”.\n\n## What the person asked last\n\nSecond\n\n## What the agent answered\n\nTwo')
  expect(contextOf('Ships', entries, true)).not.toContain('Second')
})

test('an empty conversation gives no prompt, and long words are cut', () => {
  expect([lastPrompt([]), contextOf('Ships', [], false)]).toEqual([null, 'This comes from the conversation “Ships”.'])
  expect(contextOf('Ships', [said('x'.repeat(1_000_000))], false).length).toBeLessThan(4_200)
})
