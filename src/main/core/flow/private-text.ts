import { withoutSecrets } from '../sessions/export/redact'

/** Of a text that is looked through: long outputs are looked at from both ends. */
const LOOKED_AT = 200_000

const assignment = /^[ \t]{0,40}(?:export[ \t]{1,4})?[A-Z0-9_]{0,80}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)[A-Z0-9_]{0,80}[ \t]{0,4}[=:][ \t]{0,4}["']?[^\s"'$<{(]{6,}/m

/** Whether a text has in it what looks like a key or a password. */
export function looksSecret(text: string): boolean {
  const part = text.length <= 2 * LOOKED_AT ? text : `${text.slice(0, LOOKED_AT)}\n${text.slice(-LOOKED_AT)}`
  return assignment.test(part) || withoutSecrets(part) !== part
}

const secretNames: ReadonlySet<string> = new Set([
  '.netrc', '.npmrc', '.pypirc', '.pgpass', '.my.cnf', '.htpasswd', '.git-credentials', 'credentials', 'credentials.json', 'secrets.json', 'secrets.yml', 'secrets.yaml', 'secrets.toml',
  'service-account.json', 'id_rsa', 'id_dsa', 'id_ecdsa', 'id_ed25519', 'kubeconfig', 'terraform.tfstate', 'wallet.dat',
])
const secretFolders: ReadonlySet<string> = new Set(['.ssh', '.gnupg', '.aws', '.kube', '.azure', '.gcloud', '.docker', 'secrets', '.secrets'])
const secretPatterns: readonly RegExp[] = [/^\.env(\.(?!example|sample|template|dist)[\w.-]+)?$/, /\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)$/, /^(.+[-_.])?credentials?(\.\w+)?$/]

/** Whether files like this one hold what is the person's alone. */
export function isSecretPath(path: string): boolean {
  const names = path.toLowerCase().split(/[/\\]/).filter(Boolean)
  const last = names.at(-1) ?? ''
  return secretNames.has(last) || secretPatterns.some((pattern) => pattern.test(last)) || names.slice(0, -1).some((name) => secretFolders.has(name))
}

const vendored: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'site-packages', '.venv', 'venv', 'vendor', 'third_party', 'third-party', '.cargo', 'pods'])

/** Whether files like this one were written by somebody else and brought here by a program. */
export function isVendored(path: string): boolean {
  return path.toLowerCase().split(/[/\\]/).some((name) => vendored.has(name))
}
