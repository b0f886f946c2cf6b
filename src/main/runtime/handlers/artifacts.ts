import { os } from '../implementer'
import type { RuntimePorts } from '../services'

export function artifactHandlers({ artifacts }: Pick<RuntimePorts, 'artifacts'>) {
  return {
    read: os.artifacts.read.handler(async ({ input: { id, offset, limit } }) => ({ id, offset, ...(await artifacts.read(id, offset, limit)) })),
  }
}
