import { tellNotice } from './tell-notice'

/** Turns that have waited for half an hour for one of the global places. They go on waiting. */
export function tellLongWait(ports: Parameters<typeof tellNotice>[0], waiting: number, traceId: string): void {
  const who = waiting === 1 ? 'A turn has' : `${waiting} turns wait, one of them has`
  tellNotice(ports, { level: 'warning', text: `${who} waited for half an hour: as many work at once as the settings let. They begin as soon as others end. Stop one, or raise the number of agents that work at once in Settings, General.` }, traceId)
}
