import { useState } from 'react'
import { Button } from '../../components/button'
import { useServices } from '../../lib/services'

/** In a browser, notifications need its permission, which is asked for by a press only. */
export function NotificationPermission() {
  const { machine } = useServices()
  const [state, setState] = useState(() => ('Notification' in window ? Notification.permission : 'denied'))
  if (machine.isDesktop) return null
  const ask = (): void => void Notification.requestPermission().then(setState)
  return (
    <div className="flex max-w-xl flex-wrap items-center gap-3 rounded-md border border-line p-3" role="status">
      <p className="min-w-52 flex-1">
        {state === 'granted' && 'This browser shows notifications of Trestle while its page is open.'}
        {state === 'default' && 'This browser does not show notifications of Trestle yet.'}
        {state === 'denied' && 'This browser does not show notifications of Trestle. Allow them for this page in the settings of the browser.'}
      </p>
      {state === 'default' && <Button onClick={ask}>Allow notifications…</Button>}
    </div>
  )
}
