// What a first version of a chat is built like: every message in the page, react-markdown for each, the whole of the
// last one laid out anew with every piece that arrives.
import { createElement as h, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'

const plugins = [remarkGfm]

function Message({ payload }) {
  if (payload.kind === 'user_message') return h('article', { style: { background: '#eee', padding: 8 } }, payload.text)
  if (payload.kind === 'tool_result') return h('details', null, h('summary', null, payload.toolName), h('pre', null, payload.content))
  return h('article', null, h(Markdown, { remarkPlugins: plugins }, payload.text))
}

function Chat({ messages }) {
  const [live, setLive] = useState(null)
  useEffect(() => {
    document.getElementById('scroller').scrollTop = 1e9
    window.shown = performance.now()
    window.startStream = async () => {
      let text = ''
      const reader = (await fetch('/stream')).body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        text += value
        setLive(text)
        document.getElementById('scroller').scrollTop = 1e9
      }
      window.streamed = text.length
    }
  }, [])
  return h('div', { id: 'scroller', style: { height: '100vh', overflowY: 'auto' } },
    h('div', { style: { maxWidth: 768, margin: '0 auto' } },
      messages.map((payload, index) => h(Message, { key: index, payload })),
      live !== null && h('article', { id: 'live' }, h(Markdown, { remarkPlugins: plugins }, live))))
}

const messages = await (await fetch('/messages')).json()
createRoot(document.getElementById('root')).render(h(Chat, { messages }))
