import { type ComponentType, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react'
import { createStore } from '../lib/external-store'

/**
 * A part of the window in a file of its own, asked for when it is first shown. Where parts lie in each other this is faster than
 * `lazy`: once React has shown the fallback of one `Suspense`, it holds back what comes in its place for 300 ms.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>, fallback: ReactNode = null): ComponentType<Props> {
  const loaded = createStore<ComponentType<Props> | null>(null)
  return function Later(props: Props) {
    const Part = useSyncExternalStore(loaded.subscribe, loaded.get)
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null)
    const isMissing = Part === null
    useEffect(() => {
      if (isMissing) load().then(loaded.set, (error: unknown) => setFailure({ error }))
    }, [isMissing])
    if (failure !== null) throw failure.error
    return Part === null ? fallback : <Part {...props} />
  }
}
