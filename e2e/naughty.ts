import naughty from 'big-list-of-naughty-strings' with { type: 'json' }
import type { App } from './app'
import { expect } from './expect'
import { elementsFound, type Seen } from './watch-page'

/** Every one of them, in one text. */
export const all = naughty.join('\n\n')
/** Those that act where they are taken for markup or a formula, short enough for names and titles. */
export const short = naughty.filter((text) => text.trim() !== '' && text.length < 120 && /[<>&\u0000-\u001f\u200e-\u202e"'`]|script|[\u0590-\u06ff]/.test(text)).slice(0, 60)

/** What a person needs is still there: a text can be written, and it is what is sent. */
export async function expectUsable(app: App): Promise<void> {
  await app.composer.fill('')
  await app.composer.pressSequentially('still here')
  await expect(app.composer).toHaveValue('still here')
  await app.composer.fill('')
}

export async function expectInert(app: App, seen: Seen): Promise<void> {
  expect([await elementsFound(app.page), seen]).toEqual([[], { outside: [], dialogs: [] }])
}
