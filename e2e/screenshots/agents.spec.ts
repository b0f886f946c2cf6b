import { expect } from '../fixtures'
import { lookAt, test } from './look'

const tasks = [
  { key: 'list', title: 'Write the list of ships', instruction: 'Take it from src/ships.ts.' },
  { key: 'page', title: 'Make a page of it', instruction: 'One row per ship, with its flag.', dependsOn: ['list'] },
  { key: 'check', title: 'Compare it with the port authority', instruction: 'Name what is different.', dependsOn: ['page'] },
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce' })

    test('plans, agents and prompts that wait look as they did', async ({ app, model, page }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      model.reply({ text: 'I would do it in three parts.', toolCalls: [{ name: 'propose_plan', arguments: { title: 'A page of ships', tasks } }] })
      await app.newSession()
      await app.say('I want a page with all ships')
      await expect(page.getByRole('list', { name: 'Tasks of the plan' }).first().getByRole('listitem')).toHaveCount(3)
      await look('plan')
      model.reply({ text: 'Two agents can look for it.', toolCalls: [{ name: 'delegate', arguments: { instruction: 'Count the ships', template: 'explore', title: 'Ships' } }] })
      model.hold({ text: 'There are three.' })
      await app.newSession()
      await app.say('How many ships are there?')
      const tree = page.getByRole('tree', { name: 'Agents of this turn' })
      const showTree = async (): Promise<void> => {
        if (!(await page.getByRole('tab', { name: 'Run', exact: true }).isVisible())) await page.getByRole('button', { name: 'Context pane' }).click()
        await page.getByRole('tab', { name: 'Run', exact: true }).click()
        await tree.getByRole('treeitem', { name: /Ships/ }).click()
        await expect(page.getByRole('group', { name: 'Agent: Ships' })).toBeVisible()
      }
      await look('agents', showTree)
      await app.newSession()
      for (const text of ['/queue add Read the plan', '/queue add Say what is missing', '/queue add Write it down']) {
        await app.composer.fill(text)
        await app.composer.press('Enter')
        await expect(app.composer).toHaveValue('')
      }
      await expect(page.getByRole('list', { name: 'Prompts that wait' }).getByRole('listitem')).toHaveCount(3)
      await look('prompt-queue')
    })
  })
}
