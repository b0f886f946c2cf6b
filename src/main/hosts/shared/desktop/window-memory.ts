import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const BoundsSchema = z.object({ x: z.number().int(), y: z.number().int(), width: z.number().int().min(200).max(20_000), height: z.number().int().min(200).max(20_000) })
export type Bounds = z.infer<typeof BoundsSchema>

const WindowSchema = z.object({ bounds: BoundsSchema, maximized: z.boolean(), hash: z.string().max(300) })
export type RememberedWindow = z.infer<typeof WindowSchema>

const MOST_WINDOWS = 10
const MIN_VISIBLE = 80

export interface WindowMemory {
  read(): readonly RememberedWindow[]
  write(windows: readonly RememberedWindow[]): void
}

/** Which windows there were, where, and what they showed. A file that makes no sense is no windows. */
export function createWindowMemory(path: string): WindowMemory {
  return {
    read: () => {
      try {
        return z.array(WindowSchema).max(MOST_WINDOWS).parse(JSON.parse(readFileSync(path, 'utf8')))
      } catch {
        return []
      }
    },
    write: (windows) => {
      try {
        writeFileSync(`${path}.new`, JSON.stringify(windows.slice(0, MOST_WINDOWS)), { mode: 0o600 })
        renameSync(`${path}.new`, path)
      } catch {
        // It costs the place of a window, never the work in it.
      }
    },
  }
}

/** Null where hardly anything of the window would be seen: its screen is gone. */
export function visibleBounds(bounds: Bounds, displays: readonly Bounds[]): Bounds | null {
  const isSeen = displays.some((display) => {
    const width = Math.min(bounds.x + bounds.width, display.x + display.width) - Math.max(bounds.x, display.x)
    const height = Math.min(bounds.y + bounds.height, display.y + display.height) - Math.max(bounds.y, display.y)
    return width >= MIN_VISIBLE && height >= MIN_VISIBLE
  })
  return isSeen ? bounds : null
}
