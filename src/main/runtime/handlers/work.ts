import { lockDown } from '#core/work/lock-down'
import { os } from '../implementer'
import type { Services } from '../services'

export function workHandlers({ work, runs, mcp }: Services) {
  return {
    get: os.work.get.handler(() => work.current()),
    pause: os.work.pause.handler(({ context }) => work.pause(context.traceId)),
    lockDown: os.work.lockDown.handler(({ context }) => lockDown({ work, runs, mcp }, context.traceId)),
    lift: os.work.lift.handler(({ context }) => work.lift(context.traceId)),
    resume: os.work.resume.handler(({ context }) => work.resume(context.traceId)),
  }
}
