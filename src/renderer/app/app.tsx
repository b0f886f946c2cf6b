import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Component, lazy, type ReactNode, Suspense, useState } from 'react'
import { Button } from '../components/button'
import { Skeleton } from '../components/feedback'
import { createWindowHighlighter } from '../components/markdown/highlight/create-highlighter'
import { HighlighterContext } from '../components/markdown/highlight/use-highlighted'
import { ToastRegion } from '../components/toast-region'
import { createTasksLoader, TasksContext } from '../features/tasks/tasks-context'
import type { ReadableStore } from '../lib/external-store'
import { type Services, ServicesProvider, useServices, useStore } from '../lib/services'
import { NoAccess } from './no-access'
import { Shell } from './shell'
import { UiContext } from './ui-context'
import { createWork, WorkContext } from './work/work-context'
import type { UiStore } from './ui-store'

const QuickPage = lazy(async () => ({ default: (await import('./quick/quick-page')).QuickPage }))

/** Both hosts serve the same files for both. */
export type Page = 'workbench' | 'quick'

export function App({ services, queryClient, ready, ui, page }: {
  readonly services: Services
  readonly queryClient: QueryClient
  readonly ready: ReadableStore<boolean>
  readonly ui: UiStore
  readonly page: Page
}) {
  const [highlighter] = useState(createWindowHighlighter)
  const [work] = useState(() => createWork(services))
  const [tasks] = useState(() => createTasksLoader(services))
  return (
    <CrashScreen>
      <QueryClientProvider client={queryClient}>
        <ServicesProvider services={services}>
          <UiContext value={ui}>
            <HighlighterContext value={highlighter}>
              <WorkContext value={work}><TasksContext value={tasks}><Gate ready={ready} page={page} /></TasksContext></WorkContext>
              <ToastRegion />
            </HighlighterContext>
          </UiContext>
        </ServicesProvider>
      </QueryClientProvider>
    </CrashScreen>
  )
}

function Gate({ ready, page }: { readonly ready: ReadableStore<boolean>; readonly page: Page }) {
  const { connection } = useServices()
  const state = useStore(connection.state)
  const isReady = useStore(ready)
  if (state === 'refused') return <NoAccess reason="refused" />
  if (isReady) return page === 'quick' ? <Suspense fallback={null}><QuickPage /></Suspense> : <Shell />
  return (
    <main className="mx-auto flex h-full max-w-xl flex-col justify-center p-6">
      {state === 'offline'
        ? <p role="status" className="text-center text-base">Trestle does not answer yet. Trying again…</p>
        : <Skeleton rows={5} label="Connecting to Trestle" />}
    </main>
  )
}

/** A bug in a view must not leave a blank window. What was done is in the journal, so loading again is safe. */
class CrashScreen extends Component<{ readonly children: ReactNode }, { readonly crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <main className="flex h-full flex-col items-center justify-center gap-3 p-6 text-center">
        <h1 className="text-xl font-semibold">This view broke</h1>
        <p className="max-w-md text-base text-muted">Nothing was lost: agents go on working and everything they did is kept. Load the window again to go on.</p>
        <Button tone="primary" onClick={() => window.location.reload()}>Load again</Button>
      </main>
    )
  }
}
