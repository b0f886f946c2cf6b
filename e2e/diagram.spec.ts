import { expect, forgiveDiagrams, test } from './fixtures'

const away = 'https://away.example'

test('a diagram is drawn in a sandbox, can be opened larger, and its code can be seen', async ({ app, model, page }) => {
  model.reply({ text: 'Look:\n\n```mermaid\ngraph TD; A[Start] --> B[End]\n```\n\nThat is it.' })
  await app.newSession()
  await app.say('Draw')
  const frame = page.getByTitle('Diagram').first()
  await expect(frame).toBeVisible()
  await expect(frame.contentFrame().getByText('Start', { exact: true })).toBeVisible()
  expect(await frame.getAttribute('sandbox')).toBe('allow-scripts')
  await app.button('Open larger').click()
  const dialog = page.getByRole('dialog', { name: 'Diagram' })
  await expect(dialog.getByTitle('Diagram').contentFrame().getByText('End', { exact: true })).toBeVisible()
  await dialog.getByRole('button', { name: 'Larger' }).click()
  await expect(dialog.getByRole('status')).toHaveText('188 %')
  await dialog.getByRole('button', { name: 'Close' }).click()
  await app.button('Show the code').click()
  await expect(app.answers.getByText('graph TD; A[Start] --> B[End]')).toBeVisible()
})

test('what a hostile diagram asks for does not happen, and one that is none is shown as code', async ({ app, model, page, host, complaints }) => {
  const asked: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL('/', host.ready.url).href) && !request.url().startsWith('data:')) asked.push(request.url())
  })
  page.on('dialog', (dialog) => asked.push(dialog.message()))
  const hostile = `%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "@import url(${away}/1.css); * { background: url(${away}/2.png) }"}}%%
graph TD
  A["<img src=${away}/3.png onerror=alert(1)><script>fetch('${away}/4')</script>"] --> B
  click A "${away}/5" _blank
  click B href "javascript:alert(2)"
  style A fill:url(${away}/6)`
  model.reply({ text: `\`\`\`mermaid\n${hostile}\n\`\`\`\n\nand\n\n\`\`\`mermaid\nthis is no diagram at all {{{\n\`\`\`` })
  await app.newSession()
  await app.say('Draw')
  await expect(app.answers.getByText('This diagram cannot be drawn').last()).toBeVisible({ timeout: 20_000 })
  expect(asked).toEqual([])
  // What mermaid itself lets through, the policy of the sandbox refuses.
  forgiveDiagrams(complaints)
  expect(complaints).toEqual([])
})

test('the page that draws can reach nothing and be framed by nobody else', async ({ host, request }) => {
  const answer = await request.get(new URL('/diagram/frame.html', host.ready.url).href)
  const policy = answer.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'self'")
  expect(policy).toContain('sandbox allow-scripts')
  expect(policy).not.toContain('connect-src')
})
