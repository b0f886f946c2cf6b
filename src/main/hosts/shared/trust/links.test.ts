import { expect, test } from 'vitest'
import { proved } from '../../../../testing/attacks'
import { hostileLinks } from '../../../../testing/hostile-links'
import { linkIn } from '../desktop/link-argument'
import { decideNavigation } from '../navigation'

const pageOrigin = 'app://trestle'

test('no hostile link opens anything outside or goes anywhere, clicked or not', (context) => {
  const links = hostileLinks()
  for (const link of links) {
    for (const byUser of [true, false]) {
      const decided = decideNavigation(link, { pageOrigin, byUser })
      // Spellings that every browser reads as https are that; the person clicked it and their browser shows where it leads.
      const plain = URL.canParse(link) ? new URL(link) : null
      const isWeb = plain?.protocol === 'https:' && plain.username === '' && plain.password === ''
      expect([link, decided]).toEqual([link, plain?.protocol === 'app:' && plain.host === 'trestle' ? 'stay' : isWeb && byUser ? 'open-outside' : 'block'])
    }
    // Of the arguments of a start, only our own links are taken, and they are given to the window as text.
    const found = linkIn(['--flag', link])
    if (found !== null) expect(found.toLowerCase().startsWith('trestle://')).toBe(true)
  }
  expect(links.length).toBeGreaterThanOrEqual(500)
  proved(context, 'links', links.length * 2)
})
