import type { Entry, PayloadOf } from '#contract/entries'
import type { Session } from '#contract/sessions'
import { fenced } from './fenced'
import { withoutSecrets } from './redact'

const LONGEST_RESULT = 20_000

export function heading(session: Session, workspaceName: string | null): string {
  const facts = [`Started ${iso(session.createdAt)}`, workspaceName === null ? null : `in ${line(workspaceName)}`, session.model === null ? null : `with ${line(session.model)}`]
  return `# ${line(session.title)}\n\n${facts.filter((fact) => fact !== null).join(' ')}\n`
}

export function entryMarkdown({ payload, at }: Entry): string {
  switch (payload.kind) {
    case 'user_message':
      return section('You', at, payload.text) + (payload.attachments ?? []).map(({ path, name, lines }) => note(`Attached: ${line(path ?? name)}${lines ? `, lines ${lines.from} to ${lines.to}` : ''}`)).join('')
    case 'assistant_message':
      return assistant(payload, at)
    case 'tool_result':
      return titled(`Result of ${line(payload.toolName)}${payload.outcome === 'success' ? '' : ` (${payload.outcome})`}`, cut(payload.content))
    case 'approval':
      return note(`${line(payload.toolName)}: ${payload.decision === 'reject' ? 'rejected' : 'allowed'}${payload.message === undefined ? '' : `, “${line(payload.message)}”`}`)
    case 'summary':
      return section('Summary of what came before', at, payload.text)
    case 'context_discard':
      return note('Older tool outputs were left out of what the model sees.')
    case 'run_ended':
      return note(`The turn was ${payload.state}${payload.error === undefined ? '' : `: ${line(payload.error.message)}`}`)
    case 'memory_used':
      return payload.items.length === 0 ? '' : note(`${payload.items.length} remembered ${payload.items.length === 1 ? 'item was' : 'items were'} sent along`)
    case 'behavior_change':
      return note(`Rules: ${[...payload.added.map((text) => `+ ${line(text)}`), ...payload.removed.map((text) => `− ${line(text)}`)].join('; ') || 'in another order'}`)
    case 'guardrail':
      return note(`Guardrail (${payload.outcome}): ${line(payload.why)}`)
    case 'mode_change':
      return note(`Mode: ${payload.from} → ${payload.to}`)
    case 'model_change':
      return note(`Model: ${line(payload.from ?? 'default')} → ${line(payload.to ?? 'default')}`)
  }
}

function assistant(payload: PayloadOf<'assistant_message'>, at: number): string {
  const calls = payload.toolCalls.map((call) => titled(`Call of ${line(call.name)}`, JSON.stringify(call.arguments, null, 2), 'json'))
  return (payload.text === '' ? '' : section(`Agent (${line(payload.model)})`, at, payload.text)) + calls.join('')
}

function section(title: string, at: number, text: string): string {
  return `\n## ${title}, ${iso(at)}\n\n${text.trim()}\n`
}

function note(text: string): string {
  return `\n*${text}*\n`
}

function titled(title: string, text: string, language = ''): string {
  return `\n**${title}**\n\n${fenced(text, language)}\n`
}

function cut(text: string): string {
  return text.length <= LONGEST_RESULT ? text : `${text.slice(0, LONGEST_RESULT)}\n[… ${text.length - LONGEST_RESULT} more characters; the export as JSON has them all]`
}

/** Names and titles stay on their line, and are no markup. */
function line(text: string): string {
  // Before marks are put into it, behind which a key would look like none.
  return withoutSecrets(text).replaceAll(/\s+/g, ' ').trim().replaceAll(/[\\`*_[\]<>#]/g, '\\$&')
}

function iso(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
