import { expect, test } from 'vitest'
import { coversHost, findHostPattern, meansOwnNetwork, parseHostPattern } from './host-patterns'

const odd = [
  '', ' ', 'a b', 'exa\0mple.com', 'example.com\r\nhost: evil', 'user@example.com', 'http://example.com', 'example.com/path', 'example.com?x', 'example.com#x', 'example..com', '.example.com', '-a.com',
  '127.1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '0x7f000001', '127.0.0.01', '256.1.1.1', '1.2.3', '::1', '[::1', '[::ffff:127.0.0.1]', '[fe80::1%eth0]', 'exаmple.com', 'ｅxample.com', 'example。com',
  '*', '*.', '*.com', '*.*.com', 'a*.com', '*.127.0.0.1', 'example.com:0', 'example.com:65536', 'example.com:8o', 'example.com:', 'example.com.', `${'a'.repeat(64)}.com`, `${'a.'.repeat(127)}com`,
]

test.each(odd)('%j is no host that everybody reads the same way', (text) => {
  expect(parseHostPattern(text)).toBeNull()
  expect(findHostPattern(['*.com', 'example.com', '127.0.0.1', '*.example.com'].filter((each) => each !== '*.com'), text, 443)).toBeNull()
})

test('a host is let through by whole labels and by its port', () => {
  const passes = (patterns: string[], host: string, port = 443) => findHostPattern(patterns, host, port) !== null
  expect([passes(['example.com'], 'EXAMPLE.com'), passes(['example.com'], 'example.com', 80), passes(['*.example.com'], 'a.b.example.com'), passes(['example.com:8080'], 'example.com', 8080), passes(['[::1]:9'], '[::1]', 9)]).toEqual([true, true, true, true, true])
  expect([
    passes(['example.com'], 'example.com', 22), passes(['example.com'], 'a.example.com'), passes(['*.example.com'], 'example.com'), passes(['*.example.com'], 'evilexample.com'),
    passes(['example.com'], 'example.com.evil.org'), passes(['example.com:8080'], 'example.com'), passes([], 'example.com'), passes(['*.0.0.1'], '127.0.0.1', 80),
  ]).toEqual(Array.from({ length: 8 }, () => false))
})

test('what was granted covers what is wanted only when it lets all of it through', () => {
  expect([coversHost(['*.example.com'], 'a.example.com'), coversHost(['*.example.com'], '*.b.example.com'), coversHost(['example.com'], 'example.com')]).toEqual([true, true, true])
  expect([coversHost(['a.example.com'], '*.example.com'), coversHost(['*.b.example.com'], '*.example.com'), coversHost(['example.com'], 'example.com:81'), coversHost(['*.example.com'], 'example.com'), coversHost(['example.com'], '*')]).toEqual(Array.from({ length: 5 }, () => false))
})

test('only an address and localhost mean this machine or its network', () => {
  const means = (text: string) => { const pattern = parseHostPattern(text); return pattern !== null && meansOwnNetwork(pattern) }
  expect([means('127.0.0.1:80'), means('localhost:3000'), means('[::1]'), means('example.com'), means('*.localhost.run')]).toEqual([true, true, true, false, false])
})
