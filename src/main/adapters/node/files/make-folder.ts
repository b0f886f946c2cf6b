import { AppError } from '#core/errors'
import type { Place } from './locate'
import { makeFolder, withParent } from './write'

/** A new folder, on disk when it resolves. */
export async function makeFolderAt(place: Place): Promise<void> {
  const taken = new AppError('CONFLICT', `${place.path === '' ? 'The workspace folder' : place.path} already exists`)
  if (place.kind !== 'missing') throw taken
  await withParent(place, async (parent, name) => {
    if (!(await makeFolder(parent.at(name)))) throw taken
    await parent.sync()
  })
}
