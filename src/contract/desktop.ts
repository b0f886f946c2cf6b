import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { EmptySchema } from './common'

/** What the desktop around the window is like; in the headless host there is none. */
export const DesktopStateSchema = z.object({
  tray: z.boolean(),
  quickPrompt: z.object({
    /** As settings write them. */
    keys: z.string().nullable(),
    /** `taken`: another app has these keys; `invalid`: no system takes them; `absent`: this host has no shortcuts of its own. */
    state: z.enum(['active', 'taken', 'invalid', 'off', 'absent']),
  }),
  updates: z.object({
    state: z.enum(['off', 'looking', 'current', 'loading', 'ready', 'failed']),
    version: z.string().nullable(),
  }),
})
export type DesktopState = z.infer<typeof DesktopStateSchema>

/** What the desktop asks of one window: a menu item was chosen, a link was opened. */
export const InstructionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('command'), id: z.string().max(80) }),
  z.object({ kind: z.literal('go'), hash: z.string().max(300) }),
  /** Only to be shown: nothing is done by it. */
  z.object({ kind: z.literal('propose'), link: z.string().max(4096) }),
])
export type Instruction = z.infer<typeof InstructionSchema>

const tags = ['desktop']

export const desktop = {
  state: oc.route({ method: 'GET', path: '/desktop', tags, summary: 'Tray, quick prompt and updates of the desktop app' }).input(EmptySchema).output(DesktopStateSchema),
  instructions: oc.route({ method: 'GET', path: '/desktop/instructions', tags, summary: 'What menus and links ask of the window that calls; nothing outside of the desktop app' })
    .input(EmptySchema).output(eventIterator(InstructionSchema)),
}
