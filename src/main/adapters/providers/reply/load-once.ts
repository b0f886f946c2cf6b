import { AppError } from '#core/errors'
import type { ProviderFace } from './provider-error'

/**
 * Loads a provider's SDK when it is first needed, and again after a failure. KEY_MISSING when the provider's own
 * server is to be asked without a key.
 */
export function loadOnce<T>(face: ProviderFace, load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null
  return async () => {
    if (face.official && face.apiKey === null) throw new AppError('KEY_MISSING', `There is no key for ${face.name}; enter one in Settings.`)
    loading ??= load()
    try {
      return await loading
    } catch (error) {
      loading = null
      throw new AppError('INTERNAL_ERROR', `The client of ${face.name} could not be loaded; install Trestle again.`, { cause: error })
    }
  }
}
