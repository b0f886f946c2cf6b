import { SendHorizontal, Square } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type Ref, useId, useState, useSyncExternalStore } from 'react'
import type { McpResource } from '#contract/mcp'
import { MAX_MESSAGE_CHARS } from '#contract/sessions'
import { Button } from '../../../components/button'
import { classNames } from '../../../lib/class-names'
import { type MessageParts, withComments } from '../../../lib/draft-parts'
import { errorMessage } from '../../../lib/error-message'
import { formatTokens } from '../../../lib/format'
import { useServices } from '../../../lib/services'
import { CommandHelp } from './command-help'
import type { Completion } from './completion'
import { CompletionList, optionId } from './completion-list'
import { DraftChips } from './draft-chips'
import { FilePicker } from './file-picker'
import { CommandError, parseTyped, type SlashCommand } from './slash-command'
import { useCompletions } from './use-completions'
import { useFileDrop } from './use-file-drop'
import { useHistory } from './use-history'

export interface OutgoingMessage {
  readonly text: string
  readonly attachments: readonly string[]
  /** For the turn that works, before its next step; where none does, it begins one like any other. */
  readonly steer: boolean
}

export interface ComposerProps {
  readonly sessionId: string
  readonly workspaceId: string | null
  /** Whether the model can see images. */
  readonly seesImages: boolean
  /** Why nothing can be sent right now; what can be done about it. */
  readonly blocked: ReactNode | null
  readonly commands: readonly SlashCommand[]
  /** Earlier messages, the newest first. */
  readonly history: readonly string[]
  /** Resolves when the message is accepted; the draft stays when it rejects. */
  readonly onSend: (message: OutgoingMessage) => Promise<void>
  /** Null while no turn works. */
  readonly onStop: (() => void) | null
  readonly inputRef: Ref<HTMLTextAreaElement>
}

const escapeAgainMs = 2_000

export function Composer(props: ComposerProps) {
  const { sessionId, blocked, onStop, inputRef, commands, seesImages } = props
  const { drafts } = useServices()
  const { text, setText, shownParts, said, setSaid, canSend, isTooLong, send } = useMessage(props)
  const [caret, setCaret] = useState<number | null>(null)
  const [escapedAt, setEscapedAt] = useState(Number.NEGATIVE_INFINITY)
  const [isHelpOpen, setIsHelpOpen] = useState(false)
  const listId = useId()
  const withHelp: readonly SlashCommand[] = [...commands, { name: 'help', description: 'Show all commands', run: () => void setIsHelpOpen(true) }]
  const completions = useCompletions({ text, caret, commands: withHelp, workspaceId: props.workspaceId })
  const history = useHistory(props.history, text, setText)
  const drop = useFileDrop(sessionId)
  const pick = usePick(sessionId, completions, setText, setCaret)

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return
    const { items, index } = completions
    const current = items[index]
    if (current !== undefined && event.key === 'ArrowDown') completions.move(1)
    else if (current !== undefined && event.key === 'ArrowUp') completions.move(-1)
    else if (current !== undefined && (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey && !isWhole(text, current))) && !event.shiftKey) pick(current, event.currentTarget)
    else if (current !== undefined && event.key === 'Escape') completions.close()
    else if (event.key === 'Enter' && !event.shiftKey) void send(withHelp, event.ctrlKey || event.metaKey)
    else if (event.key === 'ArrowUp' && history.back()) setCaret(null)
    else if (event.key === 'ArrowDown' && history.forth()) setCaret(null)
    else if (event.key === 'Escape' && onStop !== null) {
      if (event.timeStamp - escapedAt < escapeAgainMs) onStop()
      return setEscapedAt(event.timeStamp)
    } else return
    event.preventDefault()
  }
  const isOpen = completions.items.length > 0
  return (
    <form
      aria-label="Write a message"
      onSubmit={(event) => (event.preventDefault(), void send(withHelp))}
      {...drop.handlers}
      className={classNames(
        'relative rounded-lg border bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent',
        drop.isOver ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {isOpen && <CompletionList id={listId} label={completions.wanted?.kind === 'file' ? 'Files and folders' : 'Commands'} items={completions.items} index={completions.index} onPick={(item) => pick(item, null)} />}
      {isHelpOpen && <CommandHelp commands={withHelp} onClose={() => setIsHelpOpen(false)} />}
      <DraftChips sessionId={sessionId} shown={shownParts} seesImages={seesImages} />
      <textarea
        ref={inputRef}
        data-pane-start
        aria-label="Message"
        aria-describedby="composer-note"
        aria-autocomplete="list"
        aria-controls={isOpen ? listId : undefined}
        aria-activedescendant={isOpen ? optionId(listId, completions.index) : undefined}
        rows={2}
        value={text}
        placeholder={onStop === null ? 'Ask the agent to do something' : 'Add a message; it is queued until this turn is over'}
        onChange={(event) => {
          setSaid(null)
          setCaret(event.target.selectionStart)
          drafts.set(sessionId, event.target.value)
        }}
        onSelect={(event) => {
          const { selectionStart } = event.currentTarget
          setCaret((before) => (before === null ? null : selectionStart))
        }}
        onBlur={() => setCaret(null)}
        onKeyDown={onKeyDown}
        className="field-sizing-content block max-h-[40vh] min-h-14 w-full resize-none rounded-lg bg-transparent px-3 py-2.5 text-base outline-none"
      />
      <div className="@container flex items-center gap-2 px-2 pb-2">
        <FilePicker onPick={(files) => void drop.addFiles(files)} />
        <div id="composer-note" aria-live="polite" className={classNames('min-w-0 flex-1 text-xs', said === null ? 'text-muted' : said.tone === 'error' ? 'text-danger' : 'text-ink')}>
          {said?.text ?? blocked ?? (isTooLong ? 'This message is too long. Put it into a file and attach that instead.' : hint(onStop !== null, shownParts))}
        </div>
        <SendButtons onStop={onStop} canSend={canSend} />
      </div>
    </form>
  )
}

function SendButtons({ onStop, canSend }: { readonly onStop: (() => void) | null; readonly canSend: boolean }) {
  return (
    <>
      {onStop !== null && <Button onClick={onStop} title="Stop this turn (Escape twice)"><Square aria-hidden className="size-3 fill-current" />Stop</Button>}
      <Button type="submit" tone="primary" disabled={!canSend}><SendHorizontal aria-hidden className="size-4" />Send</Button>
    </>
  )
}

/** A whole command is sent by Enter, not completed once more. */
function isWhole(text: string, item: Completion): boolean {
  return item.insert.trim() === text.trim() && item.path === null && text.startsWith('/')
}

interface Said {
  readonly text: string
  readonly tone: 'error' | 'info'
}

/** The draft of a session, and sending it: as a message, or as the command that it is. */
function useMessage({ sessionId, blocked, onSend }: ComposerProps) {
  const { drafts, parts } = useServices()
  const text = useSyncExternalStore(drafts.all.subscribe, () => drafts.get(sessionId))
  const shownParts = useSyncExternalStore(parts.all.subscribe, () => parts.get(sessionId))
  const [sending, setSending] = useState(false)
  const [said, setSaid] = useState<Said | null>(null)
  const setText = (next: string): void => drafts.set(sessionId, next)
  const typed = parseTyped(text)
  const isTooLong = text.length > MAX_MESSAGE_CHARS
  const isEmpty = text.trim() === '' && shownParts.attachments.length === 0 && shownParts.comments.length === 0
  const canSend = !sending && !isTooLong && !isEmpty && (blocked === null || typed.kind === 'command')

  const sendMessage = async (message: string, steer: boolean): Promise<void> => {
    const attachments = shownParts.attachments.map(({ id }) => id)
    await onSend({ text: withComments(message, shownParts.comments), attachments, steer })
    parts.change(sessionId, (now) => ({
      attachments: now.attachments.filter(({ id }) => !attachments.includes(id)),
      comments: now.comments.filter((comment) => !shownParts.comments.includes(comment)),
    }))
  }
  const runCommand = async (name: string, argument: string, commands: readonly SlashCommand[]): Promise<boolean> => {
    const command = commands.find((known) => known.name === name)
    if (command === undefined) {
      setSaid({ tone: 'error', text: `There is no command /${name.slice(0, 40)}. /help lists them; begin with // to send a message that starts with a slash.` })
      return false
    }
    try {
      const result = await command.run(argument)
      setSaid(typeof result === 'string' ? { tone: 'info', text: result } : null)
      return true
    } catch (error) {
      setSaid({ tone: 'error', text: error instanceof CommandError ? error.message : errorMessage(error) })
      return false
    }
  }
  const send = async (commands: readonly SlashCommand[], steer = false): Promise<void> => {
    if (!canSend) return
    setSending(true)
    try {
      const isDone = typed.kind === 'message' ? await sendMessage(typed.text, steer).then(() => true) : await runCommand(typed.name, typed.argument, commands)
      if (isDone && drafts.get(sessionId) === text) setText('')
    } catch {
      // Told by the caller; the draft stays for another try.
    } finally {
      setSending(false)
    }
  }
  return { text, setText, shownParts, said, setSaid, canSend, isTooLong, send }
}

function usePick(sessionId: string, { wanted }: ReturnType<typeof useCompletions>, setText: (text: string) => void, setCaret: (caret: number | null) => void) {
  const { drafts, attach, client, toasts } = useServices()
  const attachResource = async ({ serverId, uri }: McpResource): Promise<void> => {
    try {
      const { name, text, base64 } = await client.mcp.readResource({ id: serverId, uri })
      await attach(sessionId, base64 === null ? { from: 'text', name, text: text ?? '' } : { from: 'bytes', name, base64 })
    } catch (error) {
      toasts.error(errorMessage(error))
    }
  }
  return (item: Completion, field: HTMLTextAreaElement | null): void => {
    if (wanted === null) return
    const text = drafts.get(sessionId)
    setText(text.slice(0, wanted.from) + item.insert + text.slice(wanted.to))
    const caret = wanted.from + item.insert.length
    setCaret(item.goesOn ? caret : null)
    if (item.path !== null) void attach(sessionId, { from: 'workspace', path: item.path })
    if (item.resource) void attachResource(item.resource)
    requestAnimationFrame(() => field?.setSelectionRange(caret, caret))
  }
}

function hint(running: boolean, { attachments }: MessageParts): ReactNode {
  const tokens = attachments.reduce((sum, attachment) => sum + attachment.tokens, 0)
  if (tokens > 0) return `About ${formatTokens(tokens)} tokens go with the message`
  if (running) return 'Ctrl+Enter sends before its next step, Escape twice stops the turn'
  return <><span className="hidden @md:inline">Enter sends, Shift+Enter starts a new line, @ names a file, / a command</span><span className="@md:hidden">@ names a file, / a command</span></>
}
