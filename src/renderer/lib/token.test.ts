import { expect, test } from 'vitest'
import { takeToken, type TokenPage } from './token'

function pageWith(hash: string, stored: string | null = null) {
  const replaced: string[] = []
  const kept = new Map<string, string>(stored === null ? [] : [['trestle.token', stored]])
  const page: TokenPage = {
    location: { hash, pathname: '/', search: '?a=1' },
    history: { replaceState: (_data, _unused, url) => void replaced.push(url) },
    sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
  }
  return { page, replaced, kept }
}

test('a token in the address is taken, removed from it and kept for reloads', () => {
  const { page, replaced, kept } = pageWith('#token=abc%2B1')
  expect(takeToken(page)).toBe('abc+1')
  expect(replaced).toEqual(['/?a=1'])
  expect([...kept]).toEqual([['trestle.token', 'abc+1']])
})

test('a token in the address replaces the kept one, and the rest of the fragment stays', () => {
  const { page, replaced, kept } = pageWith('#/session/s1&token=new', 'old')
  expect(takeToken(page)).toBe('new')
  expect(replaced).toEqual(['/?a=1#/session/s1'])
  expect(kept.get('trestle.token')).toBe('new')
})

test('after a reload the kept token is used and the address is left alone', () => {
  const { page, replaced } = pageWith('#/session/s1', 'kept')
  expect(takeToken(page)).toBe('kept')
  expect(replaced).toEqual([])
})

test('without any token there is none', () => {
  expect(takeToken(pageWith('').page)).toBeNull()
})

test('a token with a broken escape is taken as it is', () => {
  expect(takeToken(pageWith('#token=a%zz').page)).toBe('a%zz')
})
