/** Why a turn was told to stop. A person's stop ends the run; a shutdown leaves it to be resumed. */
export class StopReason extends Error {
  override readonly name = 'StopReason'
  readonly by: 'person' | 'shutdown'

  constructor(by: 'person' | 'shutdown') {
    super(by === 'person' ? 'Stopped by the user' : 'Trestle is closing')
    this.by = by
  }
}

export function isShutdown(signal: AbortSignal): boolean {
  return signal.reason instanceof StopReason && signal.reason.by === 'shutdown'
}
