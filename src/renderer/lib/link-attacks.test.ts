import { expect, test } from 'vitest'
import { proved } from '../../testing/attacks'
import { hostileLinks } from '../../testing/hostile-links'
import { parseDeepLink } from './deep-link'

test('of hostile links only the three proposals are read, each with nothing but its own words', (context) => {
  const read = hostileLinks().flatMap((link) => {
    const proposal = parseDeepLink(link)
    return proposal === null ? [] : [[link, proposal]]
  })
  expect(read).toEqual([])
  proved(context, 'links', hostileLinks().length)
})
