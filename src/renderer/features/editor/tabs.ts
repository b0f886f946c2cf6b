import { z } from 'zod'
import { isInside } from '../../lib/file-path'

/** The open files of one workspace, in the order of their tabs. */
export interface Tabs {
  readonly open: readonly string[]
  readonly active: string | null
  /** The one that the next look at another file replaces. */
  readonly preview: string | null
}

export const noTabs: Tabs = { open: [], active: null, preview: null }

const TabsSchema = z.object({ open: z.array(z.string()).max(200), active: z.string().nullable(), preview: z.string().nullable() })

export function parseTabs(text: string | null): Tabs {
  try {
    return text === null ? noTabs : TabsSchema.parse(JSON.parse(text))
  } catch {
    return noTabs
  }
}

/** `keep`: the tab stays; else it is a look at the file, in the place of the look before. */
export function withOpened({ open, preview }: Tabs, path: string, keep: boolean): Tabs {
  if (open.includes(path)) return { open, active: path, preview: keep && preview === path ? null : preview }
  if (keep) return { open: [...open, path], active: path, preview }
  const at = preview === null ? -1 : open.indexOf(preview)
  return { open: at === -1 ? [...open, path] : open.with(at, path), active: path, preview: path }
}

/** The one beside it becomes active. */
export function withClosed({ open, active, preview }: Tabs, path: string): Tabs {
  const at = open.indexOf(path)
  const left = open.filter((other) => other !== path)
  return { open: left, active: active === path ? (left[at] ?? left[at - 1] ?? null) : active, preview: preview === path ? null : preview }
}

export function withKept(tabs: Tabs, path: string): Tabs {
  return tabs.preview === path ? { ...tabs, preview: null } : tabs
}

/** After a file or folder was moved. */
export function withMoved({ open, active, preview }: Tabs, from: string, to: string): Tabs {
  const moved = (path: string): string => (isInside(path, from) ? to + path.slice(from.length) : path)
  return { open: [...new Set(open.map(moved))], active: active === null ? null : moved(active), preview: preview === null ? null : moved(preview) }
}

export function neighbour({ open, active }: Tabs, step: 1 | -1): string | null {
  if (open.length < 2 || active === null) return null
  return open[(open.indexOf(active) + step + open.length) % open.length] ?? null
}
