import type { Page } from '@playwright/test'
import { expect, forgiveDiagrams, test } from './fixtures'
import { startSlowModel } from './local-server'
import { watchPage } from './watch-page'

test.describe.configure({ mode: 'parallel' })

const away = 'https://away.example'

/** What a hostile model would write to run something, load something, or look like a part of the window. */
const nasty = [
  `<img src="${away}/1.png" onerror="alert(1)">`,
  '<script>alert(2)</script>',
  `![picture](${away}/3.png) ![x](data:image/svg+xml,<svg onload=alert(3)>)`,
  '[link](javascript:alert(4)) [link](JaVaScRiPt:alert(4)) [data](data:text/html,<script>alert(4)</script>)',
  `<style>@import url(${away}/5.css); body { background: url(${away}/5.png) }</style>`,
  `<iframe src="${away}/6"></iframe><object data="${away}/6"></object><embed src="${away}/6">`,
  '<svg><script>alert(7)</script><a xlink:href="javascript:alert(7)"><text>x</text></a></svg>',
  `<link rel="stylesheet" href="${away}/8.css"><link rel="preload" as="image" href="${away}/8.png"><meta http-equiv="refresh" content="0;url=${away}/8">`,
  `<form action="${away}/9"><button>Allow once</button></form><base href="${away}/">`,
  `<video src="${away}/10" autoplay onloadstart=alert(10)></video><audio src="${away}/10"></audio>`,
  '<details open ontoggle=alert(11)><summary>x</summary></details><input autofocus onfocus=alert(11)>',
  `[ref]: ${away}/12 "title"\n\n![ref] [ref] <${away}/12> ${away}/12`,
  `\`\`\`html\n<img src="${away}/13.png" onerror=alert(13)>\n\`\`\`\n\`<script>alert(13)</script>\``,
  `\`\`\`mermaid\ngraph TD; A["<img src=${away}/14.png onerror=alert(14)>"]; click A "javascript:alert(14)"\n\`\`\``,
  `$$\\href{javascript:alert(15)}{x} \\includegraphics{${away}/15.png}$$`,
  `| <img src=${away}/16.png> | ![x](${away}/16.png) |\n|---|---|\n| <b onclick=alert(16)>x</b> | [x](vbscript:alert(16)) |`,
  '<a href="java&#x0A;script:alert(17)">x</a> [x](java\u0000script:alert(17)) &lt;script&gt;alert(17)&lt;/script&gt;',
  '<div style="position:fixed;inset:0;background:red">Allow once</div>',
]
const corpus = nasty.join('\n\n')

/** Every element that ever was in a reply and should not have been, even for one frame. */
async function watchReplies(page: Page) {
  await page.addInitScript(() => {
    const found: string[] = []
    Object.assign(window, { found })
    const forbidden = 'img, script, style, iframe, object, embed, link, meta, base, form, video, audio, svg a, details[open], div[style*="fixed"]'
    const judge = (element: Element) => {
      if (element.closest('article') === null) return
      // The sandbox that diagrams are drawn in has a test of its own.
      if (element.matches('iframe[title="Diagram"][sandbox="allow-scripts"][src="/diagram/frame.html"]:not([srcdoc])')) return
      if (element.matches(forbidden)) found.push(element.outerHTML)
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name) || (['href', 'src', 'action', 'xlink:href'].includes(name) && !value.startsWith('https://'))) found.push(`${name}=${value}`)
      }
    }
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        for (const node of [target, ...addedNodes]) {
          if (node instanceof Element) [node, ...node.querySelectorAll('*')].forEach(judge)
        }
      }
    }).observe(document, { subtree: true, childList: true, attributes: true })
  })
}

// Without the policy only the sanitiser is left; with it, whatever gets past the sanitiser is a complaint.
for (const bypassCSP of [false, true]) {
  test.describe(bypassCSP ? 'the sanitiser alone' : 'the sanitiser and the policy', () => {
    test.use({ bypassCSP })

    test('lets nothing of a hostile reply act, at any length of it', async ({ api, app, complaints, host, page }) => {
      test.slow()
      const slow = await startSlowModel()
      await api.put('/settings', { compatible: [{ id: 'slow', name: 'Slow', baseUrl: slow.url, models: ['slow'] }] })
      const { body: session } = await api.post('/sessions', { model: 'slow/slow' })
      const seen = watchPage(page, new URL('/', host.ready.url).href)
      await watchReplies(page)
      await page.reload()
      await app.openSession(session.id)
      await app.say('Be nasty')
      await page.exposeFunction('sendPiece', slow.write)
      // Shown after every few characters, in one of the two tests in between those of the other. One call: each has its trace.
      await page.evaluate(async (pieces) => {
        const { sendPiece } = window as unknown as { sendPiece(piece: string): Promise<void> }
        for (const piece of pieces) {
          await sendPiece(piece)
          await new Promise(requestAnimationFrame)
        }
      }, [...((bypassCSP ? `\n\n\n${corpus}` : corpus).match(/[^]{1,6}/g) ?? [])])
      await slow.write('\n\nThe end.')
      await slow.end()
      await expect(app.answers).toContainText('The end.')
      await expect(app.button('Stop')).toBeHidden()
      const whileStreamed = await foundIn(page)
      await page.reload()
      await expect(app.answers).toContainText('The end.')
      expect([whileStreamed, await foundIn(page), seen]).toEqual([[], [], { outside: [], dialogs: [] }])
      await expect(app.answers.getByRole('button', { name: 'Allow once' })).toHaveCount(0)
      await slow.close()
      forgiveDiagrams(complaints)
    })
  })
}

const foundIn = (page: Page) => page.evaluate(() => (window as unknown as { found: string[] }).found)

test('what the person and the tools write is text as well', async ({ app, host, model, page }) => {
  const seen = watchPage(page, new URL('/', host.ready.url).href)
  await watchReplies(page)
  await page.reload()
  model.reply(
    { thinking: corpus, text: 'x', toolCalls: [{ name: 'write_file', arguments: { path: '<img src=x onerror=alert(1)>.html', content: corpus } }] },
    { toolCalls: [{ name: 'ask_user', arguments: { question: corpus, options: ['<b onclick=alert(1)>x</b>'] } }] },
    { text: 'Done.' },
  )
  await app.newSession()
  await app.say(corpus)
  await app.tool('write_file').getByRole('button', { name: 'Reject' }).click()
  await app.button('Reject').click()
  await page.getByRole('group', { name: 'Answers' }).getByRole('button', { name: '<b onclick=alert(1)>x</b>' }).click()
  await expect(app.answers.last()).toContainText('Done.')
  for (const row of await page.getByRole('group', { name: /^(write_file|ask_user): / }).all()) await row.getByRole('button').first().click()
  expect(await page.locator('img, iframe, object, embed, form:not([aria-label="Write a message"]), main script').count()).toBe(0)
  expect(seen).toEqual({ outside: [], dialogs: [] })
})

test('a link opens only after it has shown where it leads, in a page of its own that knows nothing of this one', async ({ app, model, page, context }) => {
  await context.route(`${away}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '<title>Away</title>' }))
  model.reply({ text: `See [the bank](${away}/page) or [this](http://plain.example/) one.` })
  await app.newSession()
  await app.say('A link?')
  const links = app.answers.getByRole('link')
  await expect(links).toHaveText(['the bank'])
  const question = page.getByRole('alertdialog', { name: 'Open this address?' })
  await links.click({ button: 'middle' })
  await expect(question).toContainText(`${away}/page`)
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  expect(context.pages()).toHaveLength(1)
  await links.click()
  const [opened] = await Promise.all([page.waitForEvent('popup'), question.getByRole('button', { name: /^Open / }).click()])
  await expect(opened).toHaveTitle('Away')
  expect(await opened.evaluate(() => [window.opener, document.referrer])).toEqual([null, ''])
})
