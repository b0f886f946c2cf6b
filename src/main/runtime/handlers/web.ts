import { os } from '../implementer'
import type { Services } from '../services'

export function webHandlers({ web }: Services) {
  return {
    get: os.web.get.handler(() => web.state()),
    setKey: os.web.setKey.handler(async ({ input }) => {
      await web.setKey(input.key)
      return web.state()
    }),
    removeKey: os.web.removeKey.handler(async () => {
      await web.removeKey()
      return web.state()
    }),
    test: os.web.test.handler(() => web.test()),
  }
}
