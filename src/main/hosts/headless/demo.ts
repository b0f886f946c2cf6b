import type { RouterClient } from '@orpc/server'
import { existsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#core/errors'
import type { AppRouter } from '../../runtime/router'
import { lockProfile } from '../../adapters/sqlite'
import { prepareProfile } from '../shared/profile'
import { createSampleWorkspace } from './sample-workspace'

/** Marks a profile that may be thrown away. */
const MARKER = 'demo-profile'

export interface DemoFolders {
  readonly profile: string
  readonly workspace: string
}

/** The profile of the demo, kept from before or new, with its sample folder beside the data. Throws AppError. */
export async function prepareDemo(folder: string, { fresh }: { readonly fresh: boolean }): Promise<DemoFolders> {
  const exists = existsSync(folder) && (await readdir(folder)).length > 0
  if (exists && !existsSync(join(folder, MARKER))) {
    throw new AppError('CONFLICT', `${folder} holds something else than a demo. Give another folder with --profile.`)
  }
  if (exists && fresh) {
    // Throws when a demo is running there.
    lockProfile(folder)()
    await rm(folder, { recursive: true })
  }
  const profile = await prepareProfile(folder)
  await writeFile(join(profile, MARKER), 'trestle demo --fresh deletes this folder\n')
  const workspace = join(profile, 'harbour-tides')
  await createSampleWorkspace(workspace)
  return { profile, workspace }
}

/** Switches the scripted model on; a model that the person chose since stays. */
export async function useDemoModel(client: RouterClient<AppRouter>): Promise<void> {
  const { defaultModel } = await client.settings.put({ demo: true })
  if (defaultModel !== null) return
  const { items } = await client.models.list({})
  const model = items.find(({ provider, available }) => provider === 'demo' && available)
  if (model) await client.settings.put({ defaultModel: model.id })
}
