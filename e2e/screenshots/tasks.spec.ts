import type { Api } from '../api'
import type { ModelScript } from '../model-script'
import { expect } from '../fixtures'
import { lookAt, test } from './look'

type Made = { readonly id: string }

/** A week of work in the folder of a harbour: done, at work, waiting for a person, gone wrong, and still to come. */
async function giveWork(api: Api, model: ModelScript): Promise<{ readonly reviewed: Made; readonly weekly: Made; readonly release: () => void }> {
  const { body: { items: [{ id: workspaceId }] } } = await api.get('/workspaces')
  const make = async (title: string, instruction: string, more: object = {}): Promise<Made> => {
    const { status, body } = await api.post('/tasks', { title, instruction, workspaceId, mode: 'auto-edit', ...more })
    expect(status).toBe(201)
    return body
  }
  const reach = (task: Made, state: string) => expect.poll(async () => (await api.get(`/tasks/${task.id}`)).body.state, { timeout: 20_000 }).toBe(state)
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: 'docs/tides.md', content: '# Tides\n\nHigh water at the pier, in local time.\n' } }] }, { text: 'The tide tables are in docs/tides.md, one row per day.' })
  await reach(await make('Move the tide tables into docs', 'Take them out of README.md.', { tags: ['docs'], start: 'ready' }), 'done')
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: 'src/berths.ts', content: 'export const berths = 12\n' } }] }, { text: 'A ship with two flags is counted once now. I added a test that fails without the change.' })
  const reviewed = await make('Ships with two flags are counted twice', 'Find out why the count of 14 March is one too high, and fix it with a test.', {
    tags: ['bug'], priority: 'high', review: true, start: 'ready', checklist: [{ text: 'A test fails without the fix' }, { text: 'The count of 14 March is 37' }],
  })
  await reach(reviewed, 'review')
  model.reply({ toolCalls: [{ name: 'write_file', arguments: { path: 'src/ferries.ts', content: 'export const ferries = []\n' } }] })
  await reach(await make('Ask the port authority’s list for new ferries', 'Compare the list with src/ferries.ts.', { mode: 'ask', start: 'ready' }), 'needs_you')
  model.reply({ status: 400, error: 'The document is longer than this model reads' })
  await make('Summarise the harbour master’s log of 2025', 'One page, by month.', { start: 'ready' })
  await expect.poll(async () => (await api.get('/tasks')).body.items.filter(({ state }: { state: string }) => ['failed', 'dead_letter'].includes(state)).length, { timeout: 20_000 }).toBe(1)
  const release = model.hold({ text: 'Done.' })
  const running = await make('Draw the berth plan in dark colours, too', 'Keep the contrast of the labels above 4.5.', { tags: ['looks'], priority: 'urgent', start: 'ready' })
  await reach(running, 'running')
  await make('Print the new berth plan', 'As PDF, A3.', { dependsOn: [running.id] })
  await make('A page for pilots', 'Depths, lights, and whom to call.', { start: 'backlog', tags: ['idea'] })
  await make('Weather beside the arrivals', 'Wind and waves for the next six hours.', { start: 'backlog', tags: ['idea'], priority: 'low' })
  const weekly = await make('Look through dependencies and licences', 'List what is new, and what must be updated.', {
    when: { kind: 'scheduled', cron: '30 7 * * 1', timeZone: 'Europe/Berlin', misfire: { policy: 'once', windowMinutes: 60 }, overlap: 'skip' },
  })
  await make('Timetable of the Christmas ferries', 'Put it on the start page.', {
    when: { kind: 'planned', dates: ['2030-12-23T18:00:00', '2030-12-30T18:00:00'], timeZone: 'Europe/Berlin', misfire: { policy: 'ask' }, overlap: 'skip' },
  })
  return { reviewed, weekly, release }
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, reducedMotion: 'reduce', timezoneId: 'Europe/Berlin' })

    test('tasks and schedules look as they did', async ({ api, model, page }) => {
      test.setTimeout(240_000)
      const look = lookAt(page, colorScheme)
      const { reviewed, weekly, release } = await giveWork(api, model)
      const go = (hash: string) => page.evaluate((to) => window.location.assign(to), hash)
      await go('#/tasks')
      const main = page.getByRole('main', { name: 'Tasks' })
      await expect(main.getByText('A page for pilots')).toBeVisible()
      await look('tasks')
      await go(`#/tasks/${reviewed.id}`)
      await expect(page.getByRole('complementary', { name: /^Task: / })).toContainText('Attempt 1')
      await look('task')
      await go('#/tasks')
      await expect(page.getByRole('complementary', { name: /^Task: / })).toBeHidden()
      await page.keyboard.press('v')
      await expect(page.getByRole('grid').or(page.getByRole('table')).first()).toBeVisible()
      await look('tasks-list')
      await page.keyboard.press('v')
      await page.keyboard.press('c')
      const dialog = page.getByRole('dialog', { name: 'New task' })
      await dialog.getByRole('textbox', { name: 'What is to be done' }).fill('Say in the README how to add a ship')
      await look('new-task')
      await page.keyboard.press('Escape')
      await go('#/schedules')
      await expect(page.getByRole('table', { name: 'Schedules' })).toContainText('Look through dependencies')
      await look('schedules')
      await go(`#/schedules/${weekly.id}`)
      await expect(page.getByRole('region', { name: 'Next runs' }).getByRole('listitem')).toHaveCount(10)
      await look('schedule')
      release()
    })
  })
}
