import { isAppError } from '../errors'
import type { ConfinedEnd } from '../ports/sandbox'
import type { ExecuteContext } from './tool'

/**
 * What the model is told of the walls that a command met. What it made that other programs would run goes to the bin, from which a person
 * can bring it back.
 */
export async function sandboxNotes({ madeProtected, refusedHosts }: ConfinedEnd, context: ExecuteContext): Promise<string[]> {
  const moved: string[] = []
  const left: string[] = []
  for (const path of madeProtected) (await putAway(path, context) ? moved : left).push(path)
  return [
    ...(moved.length === 0 ? [] : [`it made ${moved.join(', ')}, which other programs would run; moved to the bin. Make such files with write_file, which asks the user`]),
    ...(left.length === 0 ? [] : [`it made ${left.join(', ')}, which other programs would run, and they could not be moved away. Tell the user`]),
    ...refusedHosts.map(({ host, why }) => `the sandbox kept it from ${host}: ${why}. Ask for it with hosts when it is needed`),
  ]
}

async function putAway(path: string, { folder, bin, newId, workspaceId, clock }: ExecuteContext): Promise<boolean> {
  const binId = newId()
  try {
    const { bytes } = await folder.moveToBin(path, binId)
    bin.insert({ id: binId, workspaceId, path, bytes, deletedAt: clock.now() })
    return true
  } catch (error) {
    if (isAppError(error)) return error.code === 'RESOURCE_NOT_FOUND'
    throw error
  }
}
