import { expect, test } from 'vitest'
import { isSecretPath, isVendored, looksSecret } from './private-text'

test.each([
  '.env', '.env.production', 'app/.env.local', 'id_rsa', 'keys/server.pem', 'deploy/.aws/config', 'config/secrets.yml', 'gcp-credentials.json', '.npmrc', 'home/.ssh/known_hosts', 'a\\b\\.ENV',
])('%s is a file with secrets', (path) => expect(isSecretPath(path)).toBe(true))

test.each(['.env.example', 'src/environment.ts', 'keys.ts', 'token-bucket.ts', 'docs/secrets.md', 'credentialing.ts', 'monkey.pem.md'])('%s is none', (path) => expect(isSecretPath(path)).toBe(false))

test.each([
  'DB_PASSWORD=correct-horse', 'export API_KEY="abcdef123456"', '  GITHUB_TOKEN: ghx_1234567', '-----BEGIN RSA PRIVATE KEY-----', 'postgres://me:hunter22@db/x', `x${'y'.repeat(500_000)}\nAPI_KEY=abcdef123456`,
])('finds a secret in a text', (text) => expect(looksSecret(text)).toBe(true))

test.each([
  'const token = await getToken()', 'PASSWORD=$(cat /run/secret)', 'the password is asked for', 'TOKEN=', 'MAX_TOKENS = 4000', 'if (apiKey === null) return', 'API_KEY=${API_KEY}', 'API_KEY=<your key>',
])('%s is no secret', (text) => expect(looksSecret(text)).toBe(false))

test('what others wrote is known by its folder', () => {
  expect(isVendored('node_modules/left-pad/README.md')).toBe(true)
  expect(isVendored('src/vendors.ts')).toBe(false)
})

test('a text that was made to be slow is not', () => {
  const started = performance.now()
  looksSecret('TOKEN'.repeat(80_000))
  expect(performance.now() - started).toBeLessThan(1000)
})
