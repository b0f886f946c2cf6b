import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

const propose = {
  toolCalls: [{
    name: 'propose_plan',
    arguments: {
      title: 'A ship', tasks: [
        { key: 'wood', title: 'Get wood', instruction: 'Find wood' }, { key: 'ship', title: 'Build it', instruction: 'Build the ship', dependsOn: ['wood'] },
        { key: 'flag', title: 'Sew a flag', instruction: 'Sew', dependsOn: ['ship'] },
      ],
    },
  }],
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('a person changes the plan of an agent and approves it; its tasks are done, and the agent hears what came of them', async ({ app, model, page }) => {
      model.reply(propose, { text: 'There is wood.' }, { text: 'The boat floats.' }, { text: 'All of it is done.' })
      await app.newSession()
      await app.say('I want a ship')
      await expect(app.needsYou).toHaveAccessibleName('Needs you (1)')
      const tasks = page.getByRole('list', { name: 'Tasks of the plan' }).first()
      await expect(tasks.getByRole('listitem')).toHaveCount(3)
      await app.button('Change it…').first().click()
      const dialog = page.getByRole('dialog', { name: 'Change the plan' })
      await dialog.getByRole('textbox', { name: 'Title of task 2' }).fill('Build a boat')
      await dialog.getByRole('button', { name: 'Remove task 3' }).click()
      await expectAccessible(page, 'the dialog of a plan')
      await dialog.getByRole('button', { name: 'Save the plan' }).click()
      await expect(dialog).toBeHidden()
      await expect(tasks).toContainText('Build a boat')
      await expect(tasks.getByRole('listitem')).toHaveCount(2)
      await expectAccessible(page, 'the card of a plan')
      await app.button('Approve the plan').first().click()
      await expect(app.answers.last()).toContainText('All of it is done.')
      expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('2 of 2 tasks are done')
      await page.getByRole('tab', { name: 'Run', exact: true }).click()
      await expect(page.getByRole('treeitem', { name: /Build a boat/ })).toContainText('done')
    })
  })
}

test('a plan goes back to the agent with words', async ({ app, model, page, api }) => {
  model.reply(propose, { text: 'Then I leave it.' })
  await app.newSession()
  await app.say('I want a ship')
  await app.button('Ask for changes…').first().click()
  await page.getByRole('textbox', { name: 'What should be otherwise?' }).first().fill('Smaller.')
  await app.button('Send back').first().click()
  await expect(app.answers.last()).toContainText('Then I leave it.')
  expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('They said: Smaller.')
  expect((await api.get('/plans')).body.items).toMatchObject([{ state: 'changes', message: 'Smaller.' }])
  expect((await api.get('/tasks')).body.items).toEqual([])
})
