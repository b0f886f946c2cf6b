import { describe, expect, it, onTestFinished } from 'vitest'
import OpenAI from 'openai'
import { collectEvents, modelRequest } from '../../../testing/model-calls'
import { builtinModels } from '../providers/catalogue'
import { createProviderWithin } from '../providers/create-provider'
import { createDemoServer } from './demo-server'

type Message = OpenAI.ChatCompletionMessageParam
const allTools = ['list_files', 'read_file', 'write_file', 'run_command', 'ask_user']

async function openDemo() {
  const demo = createDemoServer({ delayMs: 0 })
  onTestFinished(() => demo.stop())
  const baseURL = await demo.start()
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 0 })
  /** One model call through the real SDK. */
  const ask = async (messages: Message[], tools: readonly string[] = allTools) => {
    const stream = await client.chat.completions.create({
      model: 'scripted', stream: true, messages, stream_options: { include_usage: true },
      ...(tools.length === 0 ? {} : { tools: tools.map((name) => ({ type: 'function' as const, function: { name, parameters: { type: 'object' } } })) }),
    })
    let text = ''
    let thinking = ''
    let call: { id: string; name: string; args: Record<string, string> } | null = null
    let finish: string | null = null
    let usage = 0
    for await (const chunk of stream) {
      const choice = chunk.choices[0]
      text += choice?.delta.content ?? ''
      thinking += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? ''
      for (const { id, function: called } of choice?.delta.tool_calls ?? []) call = { id: id ?? '', name: called?.name ?? '', args: JSON.parse(called?.arguments ?? '{}') as Record<string, string> }
      finish = choice?.finish_reason ?? finish
      usage = chunk.usage?.total_tokens ?? usage
    }
    return { text, thinking, call, finish, usage }
  }
  /** Plays one turn: calls are answered by `results`, by tool name. */
  const play = async (messages: Message[], results: Readonly<Record<string, string>>, tools = allTools) => {
    const names: string[] = []
    for (let step = 0; step < 10; step += 1) {
      const reply = await ask(messages, tools)
      if (reply.call === null) return { names, reply, messages }
      names.push(reply.call.name)
      messages.push(
        { role: 'assistant', content: reply.text, tool_calls: [{ id: reply.call.id, type: 'function', function: { name: reply.call.name, arguments: JSON.stringify(reply.call.args) } }] },
        { role: 'tool', tool_call_id: reply.call.id, content: results[reply.call.name] ?? '' },
      )
    }
    throw new Error('the demo does not come to an end')
  }
  return { ask, play, client, baseURL, demo }
}

const hello = (): Message[] => [{ role: 'system', content: 'You are an agent.' }, { role: 'user', content: 'Hello' }]
const later = (content: string): Message[] => [{ role: 'user', content: 'Hello' }, { role: 'assistant', content: 'Hi' }, { role: 'user', content }]
const argsOf = (messages: readonly Message[], name: string) =>
  messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []))
    .flatMap((call) => (call.type === 'function' && call.function.name === name ? [JSON.parse(call.function.arguments) as Record<string, string>] : []))[0]

describe('the tour', () => {
  it('lists, reads what introduces the folder, proposes a file about it, and explains', async () => {
    const { play } = await openDemo()
    const { names, reply, messages } = await play(hello(), {
      list_files: 'src/\ndocs/readme.txt\nREADME.md\t1.2 kB\npackage.json',
      read_file: '1\t# Sourdough\n2\tA diary.',
      write_file: 'Wrote trestle-tour.md',
    })
    expect(names).toEqual(['list_files', 'read_file', 'write_file'])
    expect(argsOf(messages, 'read_file')).toEqual({ path: 'README.md' })
    const written = argsOf(messages, 'write_file')
    expect(written?.['path']).toBe('trestle-tour.md')
    expect(written?.['content']).toContain('4 entries')
    expect(written?.['content']).toContain('begins with “Sourdough”')
    expect(reply).toMatchObject({ finish: 'stop', text: expect.stringContaining('With your approval I wrote `trestle-tour.md`') })
    expect(reply.usage).toBeGreaterThan(0)
  })

  it('reads nothing in an empty folder', async () => {
    const { play } = await openDemo()
    expect((await play(hello(), { list_files: '[The folder is empty]' })).names).toEqual(['list_files', 'write_file'])
  })

  it('accepts a rejection and goes on', async () => {
    const { play } = await openDemo()
    const { reply } = await play(hello(), { list_files: 'a.md', read_file: 'x', write_file: 'Error: The user rejected this call. They say: not now' })
    expect(reply.text).toContain('You did not want `trestle-tour.md`')
  })

  it('says what did not work', async () => {
    const { play } = await openDemo()
    expect((await play(hello(), { list_files: 'a.md', read_file: 'Error: gone', write_file: 'Error: disk full' })).reply.text).toContain('did not work')
    const blind = await play(hello(), { list_files: 'Error: the folder is gone' })
    expect([blind.names, blind.reply.text.includes('could not look')]).toEqual([['list_files'], true])
  })

  it('needs no tools', async () => {
    const { play } = await openDemo()
    expect(await play(hello(), {}, [])).toMatchObject({ names: [], reply: { text: expect.stringContaining('Try next') } })
  })
})

describe('later messages', () => {
  it('run a command and show what it printed', async () => {
    const { play } = await openDemo()
    const { names, reply, messages } = await play(later('Please run it'), { run_command: 'total 4\n```\nfile' })
    expect([names, argsOf(messages, 'run_command')]).toEqual([['run_command'], { command: 'ls -la' }])
    expect(reply.text).toContain("```text\ntotal 4\n'''\nfile\n```")
    expect(argsOf((await play(later('run echo hello; rm -rf x'), { run_command: 'hello' })).messages, 'run_command')).toEqual({ command: 'echo hello' })
    expect((await play(later('run it'), { run_command: 'Error: ls: Permission denied' })).reply.text).toContain('did not work')
    expect((await play(later('run it'), { run_command: 'Error: The user rejected this call.' })).reply.text).toContain('did not run it')
  })

  it('ask the person', async () => {
    const { play } = await openDemo()
    const { names, reply, messages } = await play(later('ask me'), { ask_user: 'The careful one' })
    expect([names, argsOf(messages, 'ask_user')?.['options']]).toEqual([['ask_user'], ['The quick one', 'The careful one', 'You decide']])
    expect(reply.text).toContain('The careful one')
  })

  it('get something long, a thought, or a friendly answer', async () => {
    const { ask } = await openDemo()
    const long = await ask(later('something LONG'))
    for (const part of ['# A longer answer', '| Mode |', '```ts', '1. ', '- Journal']) expect(long.text).toContain(part)
    expect((await ask(later('think first'))).thinking).toContain('think first')
    const other = await ask(later('What about the prune tree?'))
    expect([other.call, other.text.includes('“What about the prune tree?”'), other.thinking]).toEqual([null, true, ''])
  })
})

it('is an ordinary provider to the rest of Trestle', async () => {
  const { baseURL } = await openDemo()
  const provider = createProviderWithin({ id: 'demo', kind: 'demo', baseUrl: baseURL, apiKey: null }, {})
  const signal = new AbortController().signal
  expect(await provider.listModels(signal)).toEqual(builtinModels('demo'))
  const tools = [{ name: 'list_files', description: '', parameters: { type: 'object' } }]
  const events = await collectEvents(provider.stream(modelRequest({ model: 'scripted', tools }), signal))
  expect(events.at(-1)).toMatchObject({ type: 'done', toolCalls: [{ name: 'list_files', arguments: {} }], finishReason: 'tool_calls', usage: { estimated: false } })
})

describe('the server', () => {
  it('has one model, keeps its address while it runs, and stops', async () => {
    const { client, demo, baseURL } = await openDemo()
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['scripted'])
    expect(await Promise.all([demo.start(), demo.start()])).toEqual([baseURL, baseURL])
    await demo.stop()
    await expect(client.models.list()).rejects.toThrow('Connection error')
    await demo.stop()
  })

  it('refuses what it does not know', async () => {
    const { client, baseURL } = await openDemo()
    await expect(client.chat.completions.create({ model: 'other', messages: [] })).rejects.toMatchObject({ status: 404 })
    const post = (body: string, headers = {}) => fetch(`${baseURL}/chat/completions`, { method: 'POST', body, headers }).then(({ status }) => status)
    expect([await post('{'), await post('{}'), await post('{}', { origin: 'https://example.com' })]).toEqual([400, 400, 403])
  })

  it('stops writing when the reader leaves', async () => {
    const demo = createDemoServer({ delayMs: 5 })
    onTestFinished(() => demo.stop())
    const controller = new AbortController()
    const client = new OpenAI({ baseURL: await demo.start(), apiKey: 'none' })
    const stream = await client.chat.completions.create({ model: 'scripted', stream: true, messages: later('long') }, { signal: controller.signal })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) controller.abort()
    await demo.stop()
  })
})
