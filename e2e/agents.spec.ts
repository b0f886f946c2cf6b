import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

test.describe.configure({ mode: 'parallel' })

const delegate = (...parts: readonly Readonly<Record<string, unknown>>[]) => ({ toolCalls: parts.map((input) => ({ name: 'delegate', arguments: input })) })

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test('the agents of a turn are a tree that is walked with the keys, and each can be told something and stopped', async ({ app, model, page }) => {
      model.reply(delegate({ instruction: 'Count the ships', template: 'explore', title: 'Ships' }))
      model.hold({ text: 'There are three.' })
      model.reply({ text: 'I did not wait for the ships.' })
      await app.newSession()
      await app.say('How many ships are there?')
      await page.getByRole('tab', { name: 'Run', exact: true }).click()
      const tree = page.getByRole('tree', { name: 'Agents of this turn' })
      await expect(tree.getByRole('treeitem')).toHaveCount(2)
      await expect(tree.getByRole('treeitem').last()).toContainText('Ships')
      await tree.getByRole('treeitem').first().focus()
      await page.keyboard.press('ArrowDown')
      await expect(tree.getByRole('treeitem').last()).toBeFocused()
      const panel = page.getByRole('group', { name: 'Agent: Ships' })
      await expect(panel).toContainText('explore')
      await expect(panel.getByRole('textbox', { name: 'Message to this agent' })).toBeVisible()
      await expectAccessible(page, 'the tree of agents')
      // A window that was narrow meanwhile has begun its context anew.
      await tree.getByRole('treeitem').last().click()
      await panel.getByRole('button', { name: 'Stop', exact: true }).click()
      await expect(app.answers.last()).toContainText('I did not wait for the ships.')
      await expect(tree.getByRole('treeitem').last()).toContainText('stopped')
      expect(JSON.stringify(model.requests.at(-1)?.body)).toContain('The agent was stopped before it was done')
    })
  })
}

test('what an agent far below asks is in the conversation, with who asks, and its own opens from the tree', async ({ app, model, page }) => {
  model.reply(
    delegate({ instruction: 'Write the list', title: 'Writer' }), { toolCalls: [{ name: 'write_file', arguments: { path: 'list.txt', content: 'one\n' } }] },
    { text: 'The list is written.' }, { text: 'All done.' },
  )
  await app.newSession()
  await app.say('Have a list written')
  await expect(app.needsYou).toHaveAccessibleName('Needs you (1)')
  await expect(page.getByText('Asked by the agent “Writer” (general)').first()).toBeVisible()
  await app.button('Allow once').first().click()
  await expect(app.answers.last()).toContainText('All done.')
  await page.getByRole('tab', { name: 'Run', exact: true }).click()
  await page.getByRole('treeitem', { name: /Writer/ }).click()
  await app.button('Open its conversation').click()
  await expect(app.answers.last()).toContainText('The list is written.')
  await expect(page.getByRole('navigation', { name: 'Sessions' }).getByRole('link', { name: /Writer/ })).toHaveCount(0)
})

test('a person makes a kind of agent of their own in the settings', async ({ app, page, api }) => {
  await app.button('Settings').click()
  await page.getByRole('tab', { name: 'Agents', exact: true }).click()
  await app.button('Copy Explore').click()
  await page.getByText('My Explore (my-explore)', { exact: true }).click()
  const instructions = page.getByRole('textbox', { name: 'Instructions', exact: true })
  await instructions.fill('Only look at the harbour.')
  await instructions.blur()
  await expect.poll(async () => (await api.get('/agents/templates')).body.items[0]).toMatchObject({ name: 'my-explore', builtIn: false, instructions: 'Only look at the harbour.', tools: ['read_file', 'list_files', 'glob', 'search_text', 'ask_user'] })
  await expectAccessible(page, 'the kinds of agents')
})
