import { describe, expect, it } from 'vitest'
import { decideNavigation } from './navigation'

const pageOrigin = 'app://trestle'
const decide = (address: string, byUser = true) => decideNavigation(address, { pageOrigin, byUser })

describe('an address that the page wants to open', () => {
  it('stays when it is the page itself', () => {
    expect(['app://trestle/', 'app://trestle/index.html#token=x', 'app://trestle/?a'].map((address) => decide(address, false))).toEqual(['stay', 'stay', 'stay'])
  })

  it('opens outside when it is https and a person clicked', () => {
    expect([decide('https://example.com/a?b#c'), decide('https://example.com/', false)]).toEqual(['open-outside', 'block'])
  })

  it.each([
    'http://example.com/', 'https://user:secret@example.com/', 'https://user@example.com', 'file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'blob:https://example.com/1',
    'ftp://example.com', 'mailto:someone@example.com', 'vscode://file/x', 'ms-settings:', 'smb://host/share', '\\\\host\\share', 'app://other/', 'app://trestle.evil.example/', 'app:trestle', 'https:', 'about:blank',
    '', ' ', '/etc/passwd', `https://example.com/${'a'.repeat(5000)}`,
  ])('%s is blocked, click or not', (address) => {
    expect([decide(address, true), decide(address, false)]).toEqual(['block', 'block'])
  })
})
