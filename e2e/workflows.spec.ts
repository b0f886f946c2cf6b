import { expectAccessible } from './accessible'
import { expect, test } from './fixtures'

const refund = {
  name: 'Refund', description: 'Pays money back', inputs: [{ name: 'amount', kind: 'number' }, { name: 'who', title: 'To whom' }],
  rules: [{ name: 'Big sums', when: { comparisons: [{ value: 'amount', is: 'more', to: 100 }] }, then: { do: 'require_approval', message: 'Pay {{amount}} to {{who}}?' } }],
  steps: [
    { kind: 'task', key: 'check', title: 'Check {{who}}', instruction: 'Look up {{who}}.' },
    { kind: 'approval', key: 'sign', title: 'Sign it', message: '{{check.result}}', dependsOn: ['check'] },
    { kind: 'task', key: 'tell', title: 'Tell {{who}}', instruction: 'Write to {{who}}.', dependsOn: ['sign'] },
  ],
  output: 'Told {{who}}: {{tell.result}}',
}

test('a workflow is made with what is wrong said while one types, started, approved and followed to its end', async ({ page, model, app, api }) => {
  await expect(page.getByText(/^Ready to work in/)).toBeVisible()
  await page.keyboard.press('ControlOrMeta+K')
  await page.getByRole('dialog', { name: 'Commands' }).getByRole('combobox').fill('Go to the workflows')
  await page.keyboard.press('Enter')
  await page.getByRole('main', { name: 'Workflows' }).getByRole('button', { name: 'New workflow' }).click()
  const editor = page.getByRole('dialog', { name: 'New workflow' })
  await editor.getByRole('textbox', { name: 'Name of the workflow' }).fill('Greet')
  await editor.getByRole('button', { name: 'Add an input' }).click()
  await editor.getByRole('textbox', { name: 'Name of input 1' }).fill('who')
  await editor.getByRole('button', { name: 'Add an approval' }).click()
  await editor.getByRole('textbox', { name: 'Title of approval 1' }).fill('Look first')
  await editor.getByRole('button', { name: 'Add a task' }).click()
  await editor.getByRole('textbox', { name: 'Title of task 2' }).fill('Write')
  const instruction = editor.getByRole('textbox', { name: 'What is to be done in task 2' })
  await instruction.fill('Write to {{whom}}.')
  await expect(instruction).toHaveAccessibleDescription(/uses “whom”, which is neither/)
  await expect(editor.getByRole('button', { name: 'Save the workflow' })).toBeDisabled()
  await instruction.fill('Write to {{who}}.')
  await editor.getByRole('textbox', { name: 'Output' }).fill('Said: {{step2.result}}')
  await editor.getByRole('button', { name: 'Save the workflow' }).click()
  await expect(editor).toBeHidden()

  const detail = page.getByRole('complementary', { name: 'Workflow: Greet' })
  await detail.getByRole('button', { name: 'Start…' }).click()
  const start = page.getByRole('dialog', { name: 'Start “Greet”' })
  await start.getByRole('button', { name: 'Start it' }).click()
  await expect(start.getByText('This is needed.')).toBeVisible()
  await start.getByRole('textbox', { name: 'who' }).fill('Ada')
  model.reply({ text: 'Dear Ada.' })
  await start.getByRole('button', { name: 'Start it' }).click()
  const steps = detail.getByRole('list', { name: 'Steps of the run' })
  await expect(steps.getByRole('listitem').filter({ hasText: 'Look first' })).toContainText('Needs you')
  await app.needsYou.click()
  await page.getByRole('group', { name: 'Approve “Look first” of the workflow “Greet”?' }).getByRole('button', { name: 'Approve' }).click()
  await page.keyboard.press('Escape')
  await expect(steps.getByRole('listitem').filter({ hasText: 'Write' })).toContainText('Done')
  await expect(detail.getByText('Said: Dear Ada.')).toBeVisible()
  await steps.getByRole('button', { name: 'Write' }).click()
  await expect(page.getByRole('complementary', { name: 'Task: Write' })).toContainText('Dear Ada.')
  expect((await api.get('/workflow-runs')).body.items).toMatchObject([{ state: 'completed', output: 'Said: Dear Ada.' }])
})

test('/workflow starts a saved one with its inputs, says which there are, and alone leads to them', async ({ app, page, api, model }) => {
  const { body: { id } } = await api.post('/workflows', { name: 'Greet', inputs: [{ name: 'who' }, { name: 'times', kind: 'number' }], steps: [{ kind: 'task', key: 'write', title: 'Write', instruction: 'Write to {{who}} {{times}} times.' }], output: '{{write.result}}' })
  await app.newSession()
  await app.composer.fill('/workflow Depart')
  await app.composer.press('Enter')
  await expect(page.getByText('Say which: Greet.')).toBeVisible()
  model.reply({ text: 'Dear Ada.' })
  await app.say('/workflow greet who="Ada Lovelace" times=2')
  await expect(page.getByText('Started “Greet”.')).toBeVisible()
  await expect.poll(async () => (await api.get(`/workflow-runs?workflowId=${id}`)).body.items).toMatchObject([{ state: 'completed', output: 'Dear Ada.' }])
  expect(JSON.stringify(model.requests.at(-1)?.body['messages'])).toContain('Write to Ada Lovelace 2 times.')
  await page.getByRole('button', { name: 'Show it' }).click()
  await expect(page.getByRole('complementary', { name: 'Workflow: Greet' }).getByRole('list', { name: 'Steps of the run' })).toContainText('Dear Ada.')
  await page.goBack()
  await app.composer.fill('/workflow')
  await app.composer.press('Escape')
  await app.composer.press('Enter')
  await expect(page.getByRole('main', { name: 'Workflows' })).toContainText('Greet')
})

test('a plan is saved as a workflow before anything of it is decided, and started from there', async ({ app, page, model, api }) => {
  model.reply({ toolCalls: [{ name: 'propose_plan', arguments: { title: 'A ship', tasks: [{ key: 'wood', title: 'Get wood', instruction: 'Find wood' }, { key: 'ship', title: 'Build it', instruction: 'Build the ship', dependsOn: ['wood'] }] } }] })
  await app.newSession()
  await app.say('I want a ship')
  await app.button('Save as workflow').click()
  await expect(app.button('Save as workflow')).toBeDisabled()
  await expect(app.needsYou).toHaveAccessibleName('Needs you (1)')
  expect((await api.get('/workflows')).body.items).toMatchObject([{ name: 'A ship', steps: [{ key: 'wood', title: 'Get wood' }, { key: 'ship', title: 'Build it', dependsOn: ['wood'] }] }])
  await app.composer.fill('/workflow')
  await app.composer.press('Escape')
  await app.composer.press('Enter')
  await page.getByRole('main', { name: 'Workflows' }).getByRole('button', { name: /^A ship/ }).click()
  const detail = page.getByRole('complementary', { name: 'Workflow: A ship' })
  await expect(detail.getByRole('region', { name: 'Steps' }).getByRole('listitem')).toHaveText(['Get wood', 'Build it, after Get wood'])
})

test('a denied approval ends a workflow and says so; removing it can be undone', async ({ page, api, app }) => {
  const { body: { id } } = await api.post('/workflows', refund)
  const { status } = await api.post(`/workflows/${id}/run`, { inputs: { amount: 500, who: 'Ada' } })
  expect(status).toBe(202)
  await page.goto(`${page.url().replace(/#.*/, '')}#/workflows/${id}`)
  const detail = page.getByRole('complementary', { name: 'Workflow: Refund' })
  await detail.getByRole('button', { name: 'Answer' }).click()
  const question = page.getByRole('group', { name: 'Approve the start of the workflow “Refund”?' })
  await expect(question).toContainText('Pay 500 to Ada?')
  await question.getByRole('button', { name: 'Deny' }).click()
  await question.getByRole('textbox', { name: 'Why (optional)' }).fill('Too much')
  await question.getByRole('button', { name: 'Deny' }).click()
  await page.goBack()
  await expect(detail.getByRole('alert')).toHaveText('Workflow approval denied')
  await expect(app.needsYou).toContainText('(0)')
  await detail.getByRole('button', { name: 'Remove the workflow' }).click()
  await expect(page.getByText('No workflow is saved')).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('table', { name: 'Workflows' })).toContainText('Refund')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('the workflows are accessible', async ({ page, api }, info) => {
      const { body: { id } } = await api.post('/workflows', refund)
      await api.post(`/workflows/${id}/run`, { inputs: { amount: 500, who: 'Ada' } })
      await page.goto(`${page.url().replace(/#.*/, '')}#/workflows/${id}`)
      await expect(page.getByRole('list', { name: 'Steps of the run' }).getByText('Needs you')).toBeVisible()
      await page.screenshot({ path: `${info.project.outputDir}/looks/workflows-${colorScheme}.png` })
      await expectAccessible(page, 'workflows')
      await page.getByRole('button', { name: 'Change…' }).click()
      await expect(page.getByRole('dialog', { name: 'Change the workflow' }).getByRole('textbox', { name: 'Title of task 1' })).toBeVisible()
      await page.screenshot({ path: `${info.project.outputDir}/looks/workflow-editor-${colorScheme}.png` })
      await expectAccessible(page, 'workflow editor')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Start…' }).click()
      await expectAccessible(page, 'workflow start')
      await page.setViewportSize({ width: 900, height: 700 })
      await page.screenshot({ path: `${info.project.outputDir}/looks/workflow-start-${colorScheme}-900.png` })
    })
  })
}
