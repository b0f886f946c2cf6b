import type { Model } from '#contract/models'
import type { Settings } from '#contract/settings'

/** The models that can be chosen now. The demo's counts only once the person switched the demo on. */
export function usableModels(models: readonly Model[], settings: Pick<Settings, 'demo'>): readonly Model[] {
  return models.filter((model) => model.available && (model.provider !== 'demo' || settings.demo))
}
