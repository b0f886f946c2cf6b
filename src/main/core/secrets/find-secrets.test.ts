import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, leaveOutSecrets, masked } from './find-secrets'

const letters = 'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0z'
const random = (length: number) => Array.from({ length }, (_, index) => letters[(index * 7 + 3) % letters.length]).join('')

/** Put together here, so that no scanner takes this file for a leak. */
const keys: readonly (readonly [what: string, text: string])[] = [
  ['an OpenAI key', `sk-proj-${random(40)}`], ['an Anthropic key', `sk-ant-api03-${random(40)}`], ['an AWS access key', `AKIA${'ABCDEFGHIJKLMNOP'}`], ['a GitHub token', `ghp_${random(36)}`], ['a GitHub token', `github_pat_${random(30)}`],
  ['a GitLab token', `glpat-${random(20)}`], ['a Slack token', `xoxb-${random(20)}`], ['a Google key', `AIza${random(35)}`], ['a Stripe key', `sk_live_${random(24)}`], ['a Hugging Face token', `hf_${random(34)}`], ['an npm token', `npm_${random(36)}`],
  ['a SendGrid key', `SG.${random(22)}.${random(30)}`], ['a signed token (JWT)', `eyJ${random(20)}.eyJ${random(30)}.${random(20)}`], ['a private key', `-----BEGIN RSA PRIVATE KEY-----\n${random(64)}\n${random(64)}\n-----END RSA PRIVATE KEY-----`], ['a Telegram token', `123456789:AA${random(33)}`],
]

describe('secrets in a text', () => {
  it.each(keys)('%s is found and left out, whatever stands around it', (what, key) => {
    for (const text of [key, `key: ${key}`, `"${key}"`, `export X=${key}\n`, `curl -H 'x: ${key}' https://a.example`, `${'word '.repeat(500)}${key}${' word'.repeat(500)}`]) {
      expect(findSecrets(text).map((found) => found.value).join()).toContain(key.slice(0, 20))
      expect(findSecrets(text)[0]?.what).toBe(what)
      expect(leaveOutSecrets(text)).not.toContain(key.slice(4, 30))
      expect(leaveOutSecrets(text, new Set([key]))).toBe(text)
    }
  })

  it.each([
    [`DB_PASSWORD=${random(16)}`, 'a password or key'], [`"client_secret": "${random(24)}"`, 'a password or key'], [`api_key = '${random(20)}'`, 'a password or key'], [`postgres://app:${random(10)}@db.example/main`, 'a password in an address'], [`Authorization: Bearer ${random(30)}`, 'a token in a header'],
  ])('%s is found', (text, what) => {
    expect(findSecrets(text).map((found) => found.what)).toEqual([what])
  })

  const card = ['4539', '5787', '6362', '1486']
  it.each([
    [`pay with ${card.join(' ')}.`, 'a payment card number', card.join(' ')], [`"number":"${card.join('')}"`, 'a payment card number', card.join('')], ['IBAN: DE89 3704 0044 0532 0130 00', 'a bank account (IBAN)', 'DE89 3704 0044 0532 0130 00'], ['GB82WEST12345698765432', 'a bank account (IBAN)', 'GB82WEST12345698765432'],
  ])('%s is found by its check digits', (text, what, value) => {
    expect(findSecrets(text).map((found) => [found.what, found.value])).toEqual([[what, value]])
  })

  it.each([
    `${card.slice(0, 3).join('')}1487`, '4242 4242 4242 4242', '1700000000000000', '4111111111111111', `id-${card.join('')}`, `${card.join('')}.5`, 'DE89 3704 0044 0532 0130 01', 'AB12CDEFGHIJKLMNOPQR', '4000000000000000', `0x${card.join('')}`,
  ])('%s is no number of an account', (text) => {
    expect(findSecrets(text)).toEqual([])
  })

  it.each([
    'password=changeme123', 'API_KEY=${API_KEY}', 'const token = process.env.GITHUB_TOKEN', 'token: string', 'secret: your-secret-here-123', 'password: ********', 'The token expires after 30 days.', 'passwordResetTokenExpiry = computeExpiry(now)', 'api_key=<your key>',
    'https://example.org/a:b@c', 'git@github.com:owner/name.git', 'sha512-4e8d1c7b0a9f', 'commit 3f786850e387550fdab836ed7e6dc881de23001b', 'uuid 123e4567-e89b-12d3-a456-426614174000', 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA', 'maxTokens: 200000', 'token_count=123456789012', 'const secretValues = findSecrets(text)',
    'sk-test', 'mysql://user:@host', 'tokenizer = AutoTokenizer.from_pretrained', 'http://localhost:8080/@scope',
  ])('%s is nothing', (text) => {
    expect(findSecrets(text)).toEqual([])
  })

  it('are found in time that grows with the text, whatever it is', () => {
    const started = performance.now()
    for (const text of ['password='.repeat(20_000), 'a'.repeat(300_000), `-----BEGIN PRIVATE KEY-----${'\n'.repeat(100_000)}`, `${'x://'.repeat(40_000)}`, 'token token '.repeat(20_000), '://a:'.repeat(40_000), 'api_key'.repeat(30_000)]) findSecrets(text)
    expect(performance.now() - started).toBeLessThan(4000)
  })

  it('are whole: what is left of a text has none, and the rest of it is as it was', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...keys.map(([, key]) => ` ${key} `)), fc.constantFrom('password=', 'token: ', '\n')), { maxLength: 8 }), (parts) => {
      const text = parts.join('')
      const cleaned = leaveOutSecrets(text)
      expect(findSecrets(cleaned)).toEqual([])
      const gaps = findSecrets(text)
      expect(gaps.every(({ start, end, value }) => text.slice(start, end) === value)).toBe(true)
    }), { numRuns: 300 })
  })

  it('are shown to a person so that they know which, and others do not', () => {
    expect([masked(`ghp_${random(36)}`), masked('short'), masked('-----BEGIN PRIVATE KEY-----\nabc')]).toEqual([`ghp_••••${random(36).slice(-2)}`, '••••••••', '-----BEGIN PRIVATE KEY-----'])
  })
})
