export { createArtifactStore, type ArtifactStoreOptions } from './artifact-store'
export { createCommandRunner, type CommandRunnerOptions } from './command-runner'
export { createFolders, type FoldersOptions } from './folders'
export { createNewId, newId, systemClock, systemRandom } from './system'
