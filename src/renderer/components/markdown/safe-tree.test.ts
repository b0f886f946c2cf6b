import { expect, test } from 'vitest'
import { safeTree, type TreeNode } from './safe-tree'

const text = (value: string): TreeNode => ({ type: 'text', value })
const element = (tagName: string, properties: Record<string, unknown> = {}, ...children: TreeNode[]): TreeNode =>
  ({ type: 'element', tagName, properties, children })

function clean(...children: TreeNode[]): readonly TreeNode[] {
  const tree: TreeNode = { type: 'root', children }
  safeTree()(tree)
  return tree.children ?? []
}

test('only https links keep their address, and nothing else of theirs is kept', () => {
  const bad = ['javascript:alert(1)', 'http://example.com', '/x', 5, undefined]
  for (const href of bad) expect(clean(element('a', { href, onClick: 'x', target: '_self' }, text('t')))).toEqual([element('a', {}, text('t'))])
  expect(clean(element('a', { href: 'https://example.com/', title: 'x', ping: 'https://evil.example' }, text('t')))).toEqual([
    element('a', { href: 'https://example.com/' }, text('t')),
  ])
})

test('a picture becomes its words, wherever it is', () => {
  expect(clean(element('p', {}, element('a', { href: 'https://e.example/' }, element('img', { src: 'https://e.example/p.png', alt: 'cat' }))))).toEqual([
    element('p', {}, element('a', { href: 'https://e.example/' }, text('[image: cat (https://e.example/p.png)]'))),
  ])
  expect(clean(element('img'))).toEqual([text('[image: image]')])
})

test('an element that is not on the list is replaced by what it holds, an unknown node is left out', () => {
  expect(clean(element('svg', { onload: 'x' }, element('script', {}, text('alert(1)')), element('p', { style: 'x' }, text('ok'))))).toEqual([
    text('alert(1)'), element('p', {}, text('ok')),
  ])
  expect(clean({ type: 'comment', value: 'x' }, { type: 'doctype' }, { type: 'raw', value: '<img>' })).toEqual([text('<img>')])
})

test('an attribute is kept only where it is needed, and only with a value that is known', () => {
  expect(clean(
    element('code', { className: ['evil', 'language-c++'], id: 'x' }), element('code', { className: ['language-a b"'] }),
    element('input', { type: 'image', src: 'https://e.example', checked: true }), element('ol', { start: 3 }), element('td', { align: 'x', background: 'y' }),
  )).toEqual([
    element('code', { className: ['language-c++'] }), element('code', {}),
    element('input', { type: 'checkbox', disabled: true, checked: true }), element('ol', { start: 3 }), element('td', {}),
  ])
})
