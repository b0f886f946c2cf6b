import '../styles/app.css'
import { createRoot } from 'react-dom/client'
import { takeToken } from '../lib/token'
import { createPortConnector, createSocketConnector, isDesktop } from '../lib/transport'
import { App } from './app'
import { createServices } from './create-services'
import { NoAccess } from './no-access'
import { loadAhead } from './tasks/load-ahead'
import { createUiStore } from './ui-store'

/** Builds what the window needs, in order, and shows it. Runs once per page. */
export function startWindow(element: HTMLElement): void {
  const root = createRoot(element)
  const token = isDesktop() ? null : takeToken(window)
  if (!isDesktop() && token === null) {
    document.documentElement.dataset['theme'] = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
    root.render(<NoAccess reason="no-token" />)
    return
  }
  const connect = token === null ? createPortConnector() : createSocketConnector(token, window.location)
  const { services, queryClient, ready } = createServices(connect)
  loadAhead(window.location.hash, { queryClient, queries: services.queries, ready })
  root.render(<App services={services} queryClient={queryClient} ready={ready} ui={createUiStore(services.memory)} page={window.location.pathname === '/quick' ? 'quick' : 'workbench'} />)
}
