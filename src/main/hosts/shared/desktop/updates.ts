import type { DesktopState } from '#contract/desktop'
import type { Logger } from '#core/ports/system'

/** What of electron-updater is used; it downloads by itself and installs when the app quits. */
export interface Updater {
  setFeedURL(url: string): void
  checkForUpdates(): Promise<unknown>
  on(event: 'checking-for-update' | 'update-not-available', listener: () => void): unknown
  on(event: 'update-available' | 'update-downloaded', listener: (info: { readonly version: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

const EVERY_MS = 6 * 60 * 60_000

export interface Updates {
  /** Null: nothing is looked for, and the updater is not even loaded. */
  follow(feed: string | null): Promise<void>
  state(): DesktopState['updates']
  stop(): void
}

export function createUpdates({ load, after, logger }: {
  readonly load: () => Promise<Updater>
  readonly after: (ms: number, callback: () => void) => () => void
  readonly logger: Logger
}): Updates {
  let state: DesktopState['updates'] = { state: 'off', version: null }
  let updater: Updater | null = null
  let following: string | null = null
  let cancel = () => {}

  const open = async (): Promise<Updater> => {
    const made = await load()
    made.on('checking-for-update', () => { state = { state: 'looking', version: null } })
    made.on('update-not-available', () => { state = { state: 'current', version: null } })
    made.on('update-available', ({ version }) => { state = { state: 'loading', version } })
    made.on('update-downloaded', ({ version }) => { state = { state: 'ready', version } })
    made.on('error', (error) => {
      logger.warn('update.failed', { error })
      state = { state: 'failed', version: null }
    })
    return made
  }
  const look = async (feed: string): Promise<void> => {
    try {
      updater ??= await open()
      updater.setFeedURL(feed)
      await updater.checkForUpdates()
    } catch (error) {
      logger.warn('update.failed', { error })
      state = { state: 'failed', version: null }
    }
    if (following === feed) cancel = after(EVERY_MS, () => void look(feed))
  }
  return {
    follow: async (feed) => {
      if (feed === following) return
      cancel()
      following = feed
      if (feed === null) state = { state: 'off', version: null }
      else await look(feed)
    },
    state: () => state,
    stop: () => {
      following = null
      cancel()
    },
  }
}
