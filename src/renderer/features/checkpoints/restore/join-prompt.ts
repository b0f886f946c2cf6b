/** What the composer holds after a restore: the prompt, and below it what was typed before and is not the same. */
export function joinPrompt(prompt: string, draft: string): string {
  const typed = draft.trim()
  return typed === '' || prompt.includes(typed) ? prompt : `${prompt}\n\n${draft}`
}
