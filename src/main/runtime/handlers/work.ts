import { os } from '../implementer'
import type { Services } from '../services'

export function workHandlers({ work }: Services) {
  return {
    get: os.work.get.handler(() => work.current()),
    pause: os.work.pause.handler(({ context }) => work.pause(context.traceId)),
    resume: os.work.resume.handler(({ context }) => work.resume(context.traceId)),
  }
}
