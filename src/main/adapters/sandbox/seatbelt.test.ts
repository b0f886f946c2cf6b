import { expect, test } from 'vitest'
import { seatbeltProfile } from './seatbelt'

const facts = { workspace: '/Users/a/work "x"', walls: ['.git/hooks', 'package.json'], home: '/Users/a', profile: '/Users/a/Library/Trestle', temporary: '/Users/a/Library/Trestle/sandbox/1', proxyPort: null }

test('writing is open to the workspace and the temporary folder, and closed to walls, keys and the profile', () => {
  const lines = seatbeltProfile(facts).split('\n')
  expect(lines.slice(0, 2)).toEqual(['(version 1)', '(deny default)'])
  const order = ['(allow file-read*)', '(deny file-read* file-write* (subpath "/Users/a/Library/Trestle"))', '(allow file-read* file-write* (subpath "/Users/a/Library/Trestle/sandbox/1"))',
    '(allow file-read* file-write* (subpath "/Users/a/work \\"x\\""))', '(deny file-write* (subpath "/Users/a/work \\"x\\"/.git/hooks"))', '(deny file-write-unlink (literal "/Users/a/work \\"x\\"/.git"))']
    .map((line) => lines.findIndex((each) => each.endsWith(line)))
  expect(order).not.toContain(-1)
  expect([...order].sort((one, other) => one - other)).toEqual(order)
  expect(lines).toContain('(deny file-read* file-write* (subpath "/Users/a/.ssh"))')
  expect(lines.some((line) => line.includes('network'))).toBe(false)
})

test('with a proxy, its port on loopback is all of the network', () => {
  const lines = seatbeltProfile({ ...facts, proxyPort: 4128 }).split('\n').filter((line) => line.includes('network'))
  expect(lines).toEqual(['(allow network-outbound (remote ip "localhost:4128"))'])
})

test('a workspace that is the home folder keeps its keys closed', () => {
  const lines = seatbeltProfile({ ...facts, workspace: '/Users/a' }).split('\n')
  expect(lines.lastIndexOf('(deny file-read* file-write* (subpath "/Users/a/.ssh"))')).toBeGreaterThan(lines.indexOf('(allow file-read* file-write* (subpath "/Users/a"))'))
})
