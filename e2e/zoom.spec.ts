import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth

// A window of 900 × 800 at 200 % has this much room.
test.describe('at 200 %', () => {
  test.use({ viewport: { width: 450, height: 400 }, deviceScaleFactor: 2 })

  test('a conversation, the panes and the dialogs fit, and all of it can be reached', async ({ app, page, model, host }, info) => {
    model.reply({ text: `# A heading\n\n| a | b |\n|---|---|\n| ${'wide '.repeat(60)} | x |\n\n\`\`\`ts\n${'const wide = 1; '.repeat(40)}\n\`\`\``, toolCalls: [{ name: 'write_file', arguments: { path: 'a/long/path/of/a/file.md', content: `${'words '.repeat(80)}\n` } }] })
    const look = async (name: string) => {
      await page.screenshot({ path: info.outputPath(`${name}.png`) })
      expect(await page.evaluate(overflow), name).toBe(0)
    }
    await expect(page.getByText(/^Ready to work in/)).toBeVisible()
    await look('home')
    await app.button('New session').click()
    await app.say('Write something wide')
    const allow = app.button('Allow once')
    await allow.scrollIntoViewIfNeeded()
    await expect(allow).toBeInViewport()
    await look('approval')
    for (const side of ['Sessions pane', 'Context pane']) {
      await app.button(side).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await look(side)
      await page.keyboard.press('Escape')
    }
    await app.button('Settings').click()
    for (const tab of ['Models and keys', 'Shortcuts', 'Backups and data']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      await look(`settings ${tab}`)
    }
    await page.getByRole('dialog', { name: 'Settings' }).getByRole('button', { name: 'Close' }).first().click()
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog', { name: 'Commands' })).toBeVisible()
    await look('palette')
    await page.keyboard.press('Escape')
    await page.goto(host.ready.url.replace('/#', '/quick#'))
    await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused()
    await look('quick prompt')
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`${colorScheme} with more contrast, without motion`, () => {
    test.use({ colorScheme, contrast: 'more', reducedMotion: 'reduce' })

    test('texts keep a contrast of 7, and nothing moves', async ({ app, page, model }, info) => {
      model.reply({ text: 'I read **first**, with `code` and [a link](https://example.com/).', toolCalls: [{ name: 'read_file', arguments: { path: 'README.md' } }] }, { toolCalls: [{ name: 'write_file', arguments: { path: 'a.md', content: 'a\n' } }] })
      await app.newSession()
      await app.say('Hello')
      await expect(app.button('Allow once')).toBeVisible()
      await page.screenshot({ path: info.outputPath(`contrast-${colorScheme}.png`) })
      const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast', 'color-contrast-enhanced']).analyze()
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`) }))).toEqual([])
      const moving = await page.evaluate(() => document.getAnimations().map((animation) => Number(animation.effect?.getTiming().duration)).filter((ms) => ms > 20))
      expect(moving).toEqual([])
    })
  })
}
