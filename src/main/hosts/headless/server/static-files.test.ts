import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/start-server'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await symlink(join(server.windowRoot, '..', 'secret.txt'), join(server.windowRoot, 'link.txt'))
  await symlink(join(server.windowRoot, '..'), join(server.windowRoot, 'up'))
})
afterAll(() => server.close())

const outside = [
  '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt', '/..%5csecret.txt', '/..\\secret.txt', '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt', '/....//secret.txt', '/.%2e/secret.txt', '/%252e%252e/secret.txt', '/..%c0%afsecret.txt', '/..%00/secret.txt', '/index.html%00.js',
  '/link.txt', '/up/secret.txt', '//secret.txt', '//etc/passwd', '/etc/passwd', '/%2fetc%2fpasswd', '/C:/Windows/win.ini', '/C:%5cWindows', '/index.html::$DATA',
  '/index.html.', '/index.html%20', '/.env', '/assets/.hidden', '/con', '/aux.js', '/assets', '/assets/', '/%ff', '/%', `/${'a/'.repeat(600)}x`, '/window/index.html', '/.', '/..',
]

describe('files of the window', () => {
  it('are served with their type, and hashed ones for ever', async () => {
    const page = await server.ask('/?theme=dark', { token: null })
    expect([page.status, page.text, page.headers['content-type'], page.headers['cache-control']]).toEqual([200, '<!doctype html><title>Trestle</title>', 'text/html; charset=utf-8', 'no-cache'])
    const script = await server.ask('/assets/app-1a2b.js', { token: null })
    expect([script.text, script.headers['content-type'], script.headers['cache-control']]).toEqual(['export {}', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'])
    const head = await server.ask('/', { token: null, method: 'HEAD' })
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '37'])
    expect((await server.ask('/empty.txt', { token: null })).headers['content-length']).toBe('0')
  })

  it('come with headers that let the page do nothing but its own work', async () => {
    const { headers } = await server.ask('/', { token: null })
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/),
      'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*(unsafe|\*|https?:)/)
  })

  it.each(outside)('%s leads nowhere', async (path) => {
    const { status, text } = await server.ask(path, { token: null })
    expect([status, text.includes('outside'), text.includes('root:')]).toEqual([404, false, false])
  })

  it('are only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const { status, headers } = await server.ask('/', { token: null, method })
      expect([method, status, headers.allow]).toEqual([method, 405, 'GET, HEAD'])
    }
  })
})
