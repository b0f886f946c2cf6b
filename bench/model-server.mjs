// A model for the benchmarks, in a process of its own. It answers both APIs with bodies that are made before they are
// asked for, so that what is measured waits for it as little as possible. Forked: sends its address, ends with its parent.
//
// The newest instruction in the request says what to answer:
//   steps=N                that many tool calls, one per request, each after a sentence and in small pieces as models write
//                          them; then a word
//   tokens=N               that many tokens at once
//   tokens=N every=MS      one token every MS ms; each is the time at which it was sent, in ms since the epoch
import { createServer } from 'node:http'

const TOOL = 'noop'
const SENTENCE = pieces('I will look at the next file and then decide what has to be changed there.')
const ARGUMENTS = JSON.stringify({ path: 'src/features/index.ts', line: 120 }).match(/.{1,6}/g)
const toolResults = { openai: Buffer.from('"role":"tool"'), anthropic: Buffer.from('"type":"tool_result"') }
const bodies = new Map()

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const parts = []
  for await (const part of request) parts.push(part)
  const body = Buffer.concat(parts)
  const dialect = request.url.endsWith('/messages') ? 'anthropic' : 'openai'
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const steps = numberIn(body, 'steps=')
  if (steps !== null) return response.end(stepBody(dialect, count(body, toolResults[dialect]), steps))
  const tokens = numberIn(body, 'tokens=') ?? 1
  const every = numberIn(body, 'every=')
  if (every !== null) return sendPaced(response, frames[dialect], tokens, every)
  response.end(cached(`${dialect} ${tokens}`, () => reply(frames[dialect], Array.from({ length: tokens }, (_, index) => `tok${index % 10} `))))
})

function pieces(text) {
  return text.match(/\S+\s*/g)
}

function numberIn(body, name) {
  const at = body.lastIndexOf(name)
  return at < 0 ? null : Number.parseInt(body.toString('latin1', at + name.length, at + name.length + 12), 10)
}

function count(body, needle) {
  let found = 0
  for (let at = body.indexOf(needle); at >= 0; at = body.indexOf(needle, at + needle.length)) found += 1
  return found
}

function stepBody(dialect, done, steps) {
  return done < steps ? frames[dialect].call(`call_${done + 1}`) : cached(`${dialect} end`, () => reply(frames[dialect], ['Done.']))
}

function cached(key, make) {
  const known = bodies.get(key) ?? Buffer.from(make())
  bodies.set(key, known)
  return known
}

function reply(frame, tokens) {
  return frame.start() + tokens.map(frame.token).join('') + frame.end(tokens.length)
}

/** Catches up when a timer was late, so that the rate holds. */
function sendPaced(response, frame, tokens, every) {
  response.write(frame.start())
  const started = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    for (; sent < tokens && sent * every <= performance.now() - started; sent += 1) {
      response.write(frame.token(`${(performance.timeOrigin + performance.now()).toFixed(3)} `))
    }
    if (sent < tokens) return
    clearInterval(timer)
    response.end(frame.end(tokens))
  }, 1)
  response.on('close', () => clearInterval(timer))
}

const chunk = (fields) => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', ...fields })}\n\n`
const choice = (delta, finish = null) => chunk({ choices: [{ index: 0, delta, finish_reason: finish }] })
const usage = (tokens) => chunk({ choices: [], usage: { prompt_tokens: 1000, completion_tokens: tokens, total_tokens: 1000 + tokens } })
const event = (type, fields) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`
const messageStart = event('message_start', {
  message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'bench', content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 1000, output_tokens: 1 } },
})
const messageEnd = (reason, tokens, index = 0) =>
  event('content_block_stop', { index }) + event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: tokens } }) + event('message_stop', {})

const frames = {
  openai: {
    start: () => choice({ role: 'assistant', content: '' }),
    token: (text) => choice({ content: text }),
    end: (tokens) => `${choice({}, 'stop')}${usage(tokens)}data: [DONE]\n\n`,
    call: (id) =>
      choice({ role: 'assistant', content: '' }) +
      SENTENCE.map((content) => choice({ content })).join('') +
      choice({ tool_calls: [{ index: 0, id, type: 'function', function: { name: TOOL, arguments: '' } }] }) +
      ARGUMENTS.map((part) => choice({ tool_calls: [{ index: 0, function: { arguments: part } }] })).join('') +
      `${choice({}, 'tool_calls')}${usage(10)}data: [DONE]\n\n`,
  },
  anthropic: {
    start: () => messageStart + event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    token: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }),
    end: (tokens) => messageEnd('end_turn', tokens),
    call: (id) =>
      frames.anthropic.start() +
      SENTENCE.map(frames.anthropic.token).join('') +
      event('content_block_stop', { index: 0 }) +
      event('content_block_start', { index: 1, content_block: { type: 'tool_use', id, name: TOOL, input: {} } }) +
      ARGUMENTS.map((part) => event('content_block_delta', { index: 1, delta: { type: 'input_json_delta', partial_json: part } })).join('') +
      messageEnd('tool_use', 10, 1),
  },
}

process.once('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }))
