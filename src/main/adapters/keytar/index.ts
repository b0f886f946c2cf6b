export { openKeychain, type KeychainOptions } from './keychain'
export { createLazySecrets, createSecretStore, likelySecretsKind } from './secret-store'
export { createSessionSecrets } from './session-secrets'
