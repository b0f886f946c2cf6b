import { expect, test } from 'vitest'
import { proved } from '../../../testing/attacks'
import { hostileLinks } from '../../../testing/hostile-links'
import { safeLink } from './safe-link'

test('a hostile link that a model wrote is text, or plain https', (context) => {
  for (const link of hostileLinks()) {
    const safe = safeLink(link)
    if (safe === null) continue
    const { protocol, username, password } = new URL(safe)
    expect([link, protocol, username, password]).toEqual([link, 'https:', '', ''])
  }
  proved(context, 'links', hostileLinks().length)
})
