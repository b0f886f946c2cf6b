import type { Session } from '#contract/sessions'
import type { Work } from '#contract/work'
import { safeTitle } from '#core/work/safe-title'

export type TrayAction =
  | { readonly do: 'quick-prompt' }
  | { readonly do: 'open' }
  | { readonly do: 'open-session'; readonly sessionId: string }
  | { readonly do: 'pause' }
  | { readonly do: 'resume' }
  | { readonly do: 'lock-down' }
  | { readonly do: 'lift' }
  | { readonly do: 'quit' }

export type TrayEntry = { readonly kind: 'text'; readonly label: string } | { readonly kind: 'line' } | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }

export interface TrayState {
  readonly work: Work
  readonly needsYou: number
  /** Last used first. */
  readonly recent: readonly Pick<Session, 'id' | 'title'>[]
}

const MOST_RECENT = 6

export function trayTooltip({ work, needsYou }: TrayState): string {
  return ['Trestle', ...(work.lockedAt !== null ? ['locked down'] : work.pausedAt !== null ? ['paused'] : []), `${work.running} running`, ...(needsYou > 0 ? [`${needsYou} need you`] : [])].join(', ')
}

/** The menu of the tray. Titles only: nothing of what an agent does. */
export function trayMenu(state: TrayState): readonly TrayEntry[] {
  const { work, needsYou, recent } = state
  const isPaused = work.pausedAt !== null
  return [
    { kind: 'text', label: `${work.running} running${work.held > 0 ? `, ${work.held} held` : ''}` },
    needsYou > 0
      ? { kind: 'action', label: `${needsYou} ${needsYou === 1 ? 'needs' : 'need'} you…`, action: { do: 'open' } }
      : { kind: 'text', label: 'Nothing needs you' },
    { kind: 'line' },
    { kind: 'action', label: 'Quick prompt…', action: { do: 'quick-prompt' } },
    { kind: 'action', label: 'Open Trestle', action: { do: 'open' } },
    ...(recent.length === 0 ? [] : [{ kind: 'line' as const }]),
    ...recent.slice(0, MOST_RECENT).map(({ id, title }): TrayEntry => ({ kind: 'action', label: menuText(safeTitle(title)), action: { do: 'open-session', sessionId: id } })),
    { kind: 'line' },
    ...(work.lockedAt === null ? [pauseEntry(isPaused), { kind: 'action' as const, label: 'Lock down: stop all agents at once', action: { do: 'lock-down' as const } }]
      : [{ kind: 'action' as const, label: 'Lift the lock-down', action: { do: 'lift' as const } }]),
    { kind: 'action', label: 'Quit Trestle', action: { do: 'quit' } },
  ]
}

function pauseEntry(isPaused: boolean): TrayEntry {
  return isPaused ? { kind: 'action', label: 'Let all agents go on', action: { do: 'resume' } } : { kind: 'action', label: 'Pause all agents', action: { do: 'pause' } }
}

/** In a menu, & marks a key. */
function menuText(text: string): string {
  return text.replaceAll('&', '&&')
}
