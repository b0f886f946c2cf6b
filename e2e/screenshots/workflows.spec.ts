import { expect } from '../fixtures'
import { lookAt, test } from './look'

const refund = {
  name: 'Refund a berth', description: 'Pays a skipper back who did not come', inputs: [{ name: 'amount', title: 'Amount', kind: 'number' }, { name: 'who', title: 'To whom' }],
  rules: [
    { name: 'Not more than a season', when: { comparisons: [{ value: 'amount', is: 'more', to: 4000 }] }, then: { do: 'refuse', message: '{{amount}} is more than a season costs.' } },
    { name: 'Big sums', when: { comparisons: [{ value: 'amount', is: 'more', to: 500 }] }, then: { do: 'require_approval', message: 'Pay {{amount}} to {{who}}?' } },
  ],
  steps: [
    { kind: 'task', key: 'check', title: 'Look up the berth of {{who}}', instruction: 'Find the berth of {{who}} and what was paid for it.' },
    { kind: 'task', key: 'rules', title: 'Read the harbour rules', instruction: 'What do the rules say of refunds?', template: 'explore', dependsOn: ['check'] },
    { kind: 'approval', key: 'sign', title: 'Sign the refund', message: '{{check.result}}', dependsOn: ['rules'] },
    { kind: 'task', key: 'tell', title: 'Write to {{who}}', instruction: 'Write to {{who}} that {{amount}} come back.', dependsOn: ['sign'] },
  ],
  output: '{{tell.result}}',
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin' })

    test('workflows look as they did', async ({ api, model, page }) => {
      test.setTimeout(120_000)
      const look = lookAt(page, colorScheme)
      const { body: { id } } = await api.post('/workflows', refund)
      await api.post('/workflows', { ...refund, name: 'Close the pier for a storm', description: 'Tells everybody, in this order', inputs: [], rules: [], steps: [{ kind: 'approval', key: 'sure', title: 'Is the storm sure?' }], output: '' })
      model.reply({ text: 'Berth 12, paid until August.' }, { text: 'Refunds before May are whole.' })
      const { body: run } = await api.post(`/workflows/${id}/run`, { inputs: { amount: 320, who: 'the Alba' } })
      await expect.poll(async () => (await api.get(`/workflow-runs/${run.id}`)).body.steps.map(({ state }: { state: string }) => state), { timeout: 20_000 }).toEqual(['done', 'done', 'needs_you', 'pending'])
      await page.evaluate((to) => window.location.assign(to), `#/workflows/${id}`)
      await expect(page.getByRole('list', { name: 'Steps of the run' }).getByText('Needs you')).toBeVisible()
      await look('workflows')
      await page.getByRole('button', { name: 'Change…' }).click()
      await expect(page.getByRole('dialog', { name: 'Change the workflow' }).getByRole('textbox', { name: 'Title of task 1' })).toBeVisible()
      await look('workflow-editor')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Start…' }).click()
      await expect(page.getByRole('dialog', { name: 'Start “Refund a berth”' })).toBeVisible()
      await look('workflow-start')
    })
  })
}
