import { app, shell, type Session, type WebContents } from 'electron'
import { decideNavigation } from '../shared/navigation'
import { diagramPage } from '../shared/security-headers'
import { pageOrigin } from './app-protocol'

/** The page gets no camera, no location, no notifications, nothing; whatever asks. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

export interface ContentGuard {
  /** The page asked for a window of its own with this part of itself. */
  readonly openOwn: (hash: string) => void
}

/** For every page that is ever made: it stays where it is, opens no windows but Trestle's own, and embeds nothing. */
export function guardAllContents(options: ContentGuard): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, options))
}

function guard(contents: WebContents, { openOwn }: ContentGuard): void {
  const follow = (address: string, byUser: boolean) => {
    const decision = decideNavigation(address, { pageOrigin, byUser })
    if (decision === 'open-outside') void shell.openExternal(address)
    return decision
  }
  contents.on('will-navigate', (event) => {
    if (follow(event.url, false) !== 'stay') event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => {
    // The one frame there is draws diagrams; it goes nowhere from there.
    if (!event.isMainFrame && event.url !== `${pageOrigin}${diagramPage}`) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  // A link that is clicked opens with target=_blank; a script's window.open without a click is stopped by the browser.
  contents.setWindowOpenHandler(({ url, disposition }) => {
    if (follow(url, disposition === 'foreground-tab' || disposition === 'background-tab') === 'stay') openOwn(ownHash(url))
    return { action: 'deny' }
  })
}

/** Of the workbench's addresses only those of a session; anything else is the start. */
function ownHash(url: string): string {
  const { hash } = new URL(url)
  return /^#\/session\/[\w-]{1,64}$/.test(hash) ? hash : '#/'
}
