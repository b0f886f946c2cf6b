import type { Locator, Page } from '@playwright/test'
import { expectAccessible } from './accessible'
import type { Api } from './api'
import { expect, test } from './fixtures'

const column = (page: Page, name: string): Locator => page.getByRole('region', { name: new RegExp(`^${name}, `) })
const card = (page: Page, title: string): Locator => page.getByRole('button', { name: title, exact: true })

async function makeTask(api: Api, title: string, more: object = {}): Promise<string> {
  const { status, body } = await api.post('/tasks', { title, instruction: `Do this: ${title}`, start: 'backlog', ...more })
  expect(status).toBe(201)
  return body.id
}

async function openBoard(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Tasks/ }).click()
  await expect(page.getByRole('toolbar', { name: 'Tasks' })).toBeVisible()
}

async function stateOf(api: Api, id: string): Promise<string> {
  return (await api.get(`/tasks/${id}`)).body.state
}

test('a task is made with the keyboard, and its draft survives a reload', async ({ page, api }) => {
  await openBoard(page)
  await expect(page.getByText('No tasks yet')).toBeVisible()
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: 'New task' })
  await expect(dialog.getByRole('textbox', { name: 'What is to be done' })).toBeFocused()
  await page.keyboard.type('Paint the boat')
  await expect(dialog.getByRole('textbox', { name: 'What is to be done' })).toHaveValue('Paint the boat')
  await page.reload()
  await expect(page.getByText('No tasks yet')).toBeVisible()
  await page.keyboard.press('c')
  await expect(dialog.getByRole('textbox', { name: 'What is to be done' })).toHaveValue('Paint the boat')
  await dialog.getByRole('combobox', { name: 'Start' }).selectOption({ label: 'Later: put it into Backlog' })
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(card(page, 'Paint the boat')).toBeFocused()
  const { body } = await api.get('/tasks')
  expect(body.items).toMatchObject([{ title: 'Paint the boat', state: 'backlog', source: { by: 'person' } }])
  await page.keyboard.press('c')
  await expect(dialog.getByRole('textbox', { name: 'What is to be done' })).toHaveValue('')
})

test('the board is live: what a script makes, moves and removes is there at once', async ({ page, api }) => {
  await openBoard(page)
  const id = await makeTask(api, 'Count the ships', { tags: ['harbour'], priority: 'high' })
  await expect(column(page, 'Backlog').getByRole('button', { name: 'Count the ships' })).toBeVisible()
  await expect(column(page, 'Backlog')).toContainText('harbour')
  await api.post(`/tasks/${id}/move`, { to: 'done' })
  await expect(column(page, 'Done').getByRole('button', { name: 'Count the ships' })).toBeVisible()
  await expect(column(page, 'Cancelled')).toBeHidden()
  await api.delete(`/tasks/${id}`)
  await expect(card(page, 'Count the ships')).toBeHidden()
})

test.describe('on a wide window', () => {
  test.use({ viewport: { width: 2000, height: 800 } })

  test('a card is dragged into another column, and to another place in its own', async ({ page, api }) => {
    const first = await makeTask(api, 'First')
    await makeTask(api, 'Second')
    await makeTask(api, 'Third')
    await openBoard(page)
    const backlog = column(page, 'Backlog')
    await expect(backlog.getByRole('listitem').filter({ has: page.getByRole('checkbox') })).toContainText(['First', 'Second', 'Third'])
    await drag(page, card(page, 'First'), column(page, 'Done'))
    await expect(column(page, 'Done').getByRole('button', { name: 'First' })).toBeVisible()
    await expect.poll(() => stateOf(api, first)).toBe('done')
    await expect(page.getByRole('complementary', { name: /^Task/ })).toBeHidden()
    await drag(page, card(page, 'Third'), card(page, 'Second'), 'top')
    await expect(backlog.getByRole('listitem').filter({ has: page.getByRole('checkbox') })).toContainText(['Third', 'Second'])
  })

  test('a drag is given up with Escape, and a column that takes nothing refuses', async ({ page, api }) => {
    const id = await makeTask(api, 'Only')
    await openBoard(page)
    await hold(page, card(page, 'Only'), column(page, 'Done'))
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await expect(column(page, 'Backlog').getByRole('button', { name: 'Only' })).toBeVisible()
    await drag(page, card(page, 'Only'), column(page, 'Failed'))
    await expect(page.getByText('Only work itself gets to Failed.').first()).toBeVisible()
    expect(await stateOf(api, id)).toBe('backlog')
  })
})

test('with the keyboard cards are gone through, moved, selected and searched', async ({ page, api }) => {
  const ids = [await makeTask(api, 'One'), await makeTask(api, 'Two'), await makeTask(api, 'Three')]
  await openBoard(page)
  await page.keyboard.press('j')
  await expect(card(page, 'Two')).toBeFocused()
  await page.keyboard.press('Shift+K')
  await expect(column(page, 'Backlog').getByRole('listitem').filter({ has: page.getByRole('checkbox') })).toContainText(['Two', 'One', 'Three'])
  await expect(card(page, 'Two')).toBeFocused()
  await page.keyboard.press('Shift+L')
  await expect(column(page, 'Ready').getByRole('button', { name: 'Two' })).toBeFocused()
  await page.keyboard.press('h')
  await expect(card(page, 'One')).toBeFocused()
  await page.keyboard.press('x')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('x')
  await expect(page.getByRole('toolbar', { name: 'Selected tasks' })).toContainText('2 tasks selected')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('toolbar', { name: 'Selected tasks' })).toBeHidden()
  await page.keyboard.press('/')
  await page.keyboard.type('three')
  await expect(card(page, 'One')).toBeHidden()
  await expect(card(page, 'Three')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(card(page, 'One')).toBeVisible()
  await expect.poll(() => stateOf(api, ids[1] ?? '')).not.toBe('backlog')
})

test('several are moved at once, and a removal is undone', async ({ page, api }) => {
  const ids = [await makeTask(api, 'One'), await makeTask(api, 'Two')]
  await makeTask(api, 'Three')
  await openBoard(page)
  await card(page, 'One').click({ modifiers: ['Control'] })
  await card(page, 'Two').click({ modifiers: ['Shift'] })
  const bar = page.getByRole('toolbar', { name: 'Selected tasks' })
  await expect(bar).toContainText('2 tasks selected')
  await bar.getByRole('button', { name: 'Priority…' }).click()
  await page.getByRole('menuitem', { name: 'Urgent' }).click()
  await expect(column(page, 'Backlog').getByText('Urgent')).toHaveCount(2)
  await bar.getByRole('button', { name: 'Move to…' }).click()
  await page.getByRole('menuitem', { name: 'Cancelled' }).click()
  await expect(column(page, 'Cancelled').getByRole('button', { name: 'Two' })).toBeVisible()
  await expect.poll(async () => Promise.all(ids.map((id) => stateOf(api, id)))).toEqual(['cancelled', 'cancelled'])
  await bar.getByRole('button', { name: 'Remove' }).click()
  await expect(card(page, 'One')).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(card(page, 'One')).toBeVisible()
  expect(await stateOf(api, ids[0] ?? '')).toBe('cancelled')
})

test('in the drawer everything is read and changed; a circle is refused and said', async ({ page, api }) => {
  const base = await makeTask(api, 'Sand the hull')
  const id = await makeTask(api, 'Paint the hull', { dependsOn: [base], checklist: [{ text: 'It is blue' }] })
  await page.goto(`${page.url().replace(/#.*/, '')}#/tasks/${id}`)
  const drawer = page.getByRole('complementary', { name: 'Task: Paint the hull' })
  await expect(drawer).toContainText('Do this: Paint the hull')
  await drawer.getByRole('button', { name: 'Edit what is to be done' }).click()
  await drawer.getByRole('textbox', { name: 'what is to be done' }).fill('Two coats')
  await page.keyboard.press('Control+Enter')
  await expect(drawer.getByText('Two coats').first()).toBeVisible()
  await drawer.getByRole('checkbox', { name: 'It is blue' }).click()
  await expect(drawer.getByRole('checkbox', { name: 'It is blue' })).toBeChecked()
  await drawer.getByRole('combobox', { name: 'Priority' }).selectOption('Urgent')
  await expect.poll(async () => (await api.get(`/tasks/${id}`)).body).toMatchObject({ instruction: 'Two coats', priority: 'urgent', checklist: [{ done: true }] })
  await expect(drawer.getByRole('insertion').filter({ hasText: 'Two coats' })).toBeVisible()
  await drawer.getByRole('list', { name: 'Waits for' }).getByText('Sand the hull').waitFor()
  await drawer.getByRole('button', { name: 'Sand the hull', exact: true }).click()
  const other = page.getByRole('complementary', { name: 'Task: Sand the hull' })
  await other.getByRole('searchbox', { name: 'Waits for' }).fill('paint')
  await other.getByRole('button', { name: /^Paint the hull/ }).first().click()
  await expect(other.getByRole('alert')).toContainText('This would be a circle')
  await page.keyboard.press('Escape')
  await expect(other).toBeHidden()
  await expect(card(page, 'Sand the hull')).toBeFocused()
})

test('the list shows the same, sorted as one likes', async ({ page, api }) => {
  await makeTask(api, 'Banana')
  await makeTask(api, 'Apple', { priority: 'urgent' })
  await openBoard(page)
  await page.keyboard.press('v')
  const table = page.getByRole('table', { name: 'Tasks' })
  await table.getByRole('button', { name: 'Title' }).click()
  await expect(table.getByRole('rowheader')).toContainText(['Apple', 'Banana'])
  await table.getByRole('button', { name: 'Title' }).click()
  await expect(table.getByRole('columnheader', { name: 'Title' })).toHaveAttribute('aria-sort', 'descending')
  await expect(table.getByRole('rowheader')).toContainText(['Banana', 'Apple'])
  await table.getByRole('button', { name: 'Apple' }).click()
  await expect(page.getByRole('complementary', { name: 'Task: Apple' })).toBeVisible()
})

test('filters and lanes narrow and part the board, and are there again after a reload', async ({ page, api }) => {
  const { body } = await api.get('/workspaces')
  await makeTask(api, 'In the folder', { workspaceId: body.items[0].id, tags: ['harbour'] })
  const parent = await makeTask(api, 'Whole')
  await makeTask(api, 'Part', { parentId: parent })
  await openBoard(page)
  await page.keyboard.press('m')
  await expect(card(page, 'Part')).toBeHidden()
  await page.getByRole('button', { name: 'Filter', exact: true }).click()
  await page.getByRole('combobox', { name: 'Tag' }).selectOption('harbour')
  await page.keyboard.press('Escape')
  await expect(card(page, 'Whole')).toBeHidden()
  await page.reload()
  await expect(card(page, 'In the folder')).toBeVisible()
  await expect(card(page, 'Whole')).toBeHidden()
  await page.getByRole('button', { name: 'Filter (1)' }).click()
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.keyboard.press('Escape')
  await expect(card(page, 'Part')).toBeVisible()
  await page.getByRole('button', { name: 'Layout' }).click()
  await page.getByRole('combobox', { name: 'Lanes' }).selectOption('By folder')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'no folder' })).toBeVisible()
  await expect(page.getByRole('heading', { name: body.items[0].name })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })
    test('board, list, drawer and dialog are accessible', async ({ page, api }, info) => {
      test.setTimeout(120_000)
      const picture = (name: string) => page.screenshot({ path: `${info.project.outputDir}/looks/tasks-${name}-${colorScheme}.png` })
      const look = async (name: string) => {
        await expectAccessible(page, name)
        await picture(`${name}-1280`)
        await page.setViewportSize({ width: 900, height: 800 })
        await picture(`${name}-900`)
        await page.setViewportSize({ width: 1280, height: 800 })
      }
      await openBoard(page)
      await look('empty')
      const base = await makeTask(api, 'Sand the hull of the old ferry', { tags: ['harbour', 'wood'], priority: 'urgent', checklist: [{ text: 'It is smooth' }] })
      const id = await makeTask(api, 'Paint the hull', { dependsOn: [base], priority: 'high', budget: { maxCostUsd: 2 }, context: 'Blue, as before.' })
      await makeTask(api, 'Part of it', { parentId: id, priority: 'low' })
      await api.post(`/tasks/${await makeTask(api, 'Count the ships')}/move`, { to: 'done' })
      await api.post(`/tasks/${await makeTask(api, 'Write the log')}/move`, { to: 'cancelled' })
      await expect(card(page, 'Write the log')).toBeVisible()
      await card(page, 'Part of it').click({ modifiers: ['Control'] })
      await look('board')
      await page.keyboard.press('Escape')
      await card(page, 'Paint the hull').click()
      await expect(page.getByRole('complementary', { name: 'Task: Paint the hull' })).toContainText('Blue, as before.')
      await look('drawer')
      await page.keyboard.press('Escape')
      await page.keyboard.press('v')
      await look('list')
      await page.keyboard.press('c')
      await look('new')
    })
  })
}

async function hold(page: Page, from: Locator, to: Locator, where: 'top' | 'middle' = 'middle'): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()]
  if (start === null || end === null) throw new Error('not in the page')
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(end.x + end.width / 2, end.y + (where === 'top' ? 2 : Math.min(end.height / 2, 300)), { steps: 8 })
}

async function drag(page: Page, from: Locator, to: Locator, where: 'top' | 'middle' = 'middle'): Promise<void> {
  await to.scrollIntoViewIfNeeded()
  await from.scrollIntoViewIfNeeded()
  await hold(page, from, to, where)
  await page.mouse.up()
}
