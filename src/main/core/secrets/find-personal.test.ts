import { expect, it } from 'vitest'
import { findPersonal } from './find-personal'

it.each([
  ['Write to ada.lovelace+mail@analytical-engine.co.uk today', [['an e-mail address', 'ada.lovelace+mail@analytical-engine.co.uk']]],
  ['<grace@navy.mil>, call +1 (202) 555-0143.', [['an e-mail address', 'grace@navy.mil'], ['a phone number', '+1 (202) 555-0143']]],
  ['Tel: +49 30 901820', [['a phone number', '+49 30 901820']]],
  ['from 81.2.69.142 at noon', [['an IP address', '81.2.69.142']]],
])('%s', (text, expected) => {
  expect(findPersonal(text).map(({ what, value }) => [what, value])).toEqual(expected)
})

it.each([
  'git@github.com:owner/name.git', 'user@example.com', 'you@mail.example.org', 'icon@2x.png', '@scope/name', 'noreply@github.com', 'a@b', '+12345678', '+ 1 2 3', '1.2.3.4', 'v10.20.30.40', '192.168.1.12', '127.0.0.1', '10.1.2.3', '203.0.113.7', '300.1.1.1', '172.20.1.1', 'x += 1 - 2', '@@ -1,20 +30,40 @@',
])('%s is nothing', (text) => {
  expect(findPersonal(text)).toEqual([])
})

it('takes time that grows with the text, whatever it is', () => {
  const started = performance.now()
  for (const text of ['a'.repeat(300_000), 'a@'.repeat(100_000), 'a.b@c.'.repeat(50_000), '+1 2 3 '.repeat(50_000), '1.2.3.'.repeat(60_000), '+1'.repeat(100_000)]) findPersonal(text)
  expect(performance.now() - started).toBeLessThan(3000)
})
