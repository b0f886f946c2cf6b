import { os } from '../implementer'
import type { Services } from '../services'

export function settingsHandlers({ settings }: Services) {
  return {
    get: os.settings.get.handler(() => settings.current()),
    file: os.settings.file.handler(() => settings.file()),
    put: os.settings.put.handler(({ input, context }) => settings.update(input, context.traceId)),
  }
}
