import type { McpToolDefinition, McpTransport } from '#contract/mcp'

/** What is connected to. Values of secrets are in it, so it is never logged. */
export interface McpTarget {
  readonly id: string
  readonly name: string
  readonly transport: McpTransport
  /** Of its variables or headers. */
  readonly secrets: Readonly<Record<string, string>>
  /** Of a sign-in. */
  readonly credentials: McpCredentials
}

/** Where what comes of a sign-in is kept: one text, in the keychain. */
export interface McpCredentials {
  read(): Promise<string | null>
  write(text: string | null): Promise<void>
}

export interface McpSignIn {
  /** Where a person signs in, with their own browser: https, or on this machine. */
  readonly url: string
  /** Resolves when it is done and kept. AppError AUTHENTICATION_ERROR, TIMEOUT_ERROR. */
  readonly done: Promise<void>
}

export interface McpAbout {
  readonly name: string
  readonly version: string
  readonly tools: boolean
  readonly resources: boolean
  readonly prompts: boolean
}

/** What a server tells without being asked. Never throw. */
export interface McpListener {
  /** Once, whoever ended it; `why` null: it was closed by us. */
  readonly onEnd: (why: string | null) => void
  /** Its tools, resources or prompts are others. */
  readonly onToolsChanged: () => void
  /** What it writes beside the protocol, line by line. */
  readonly onLine: (text: string) => void
  /** Lines that were not passed on: too many, or too long. */
  readonly onDropped: (lines: number) => void
}

/** What a server may ask for while a call of it is at work. Null: the person said no. */
export interface McpHelp {
  /** Fields of a form, one after the other; null declines the whole. */
  readonly ask: (question: McpQuestion, signal: AbortSignal) => Promise<McpAnswers | null>
  /** One reply of the model of the session, without tools. */
  readonly sample: (request: McpSample, signal: AbortSignal) => Promise<{ readonly text: string; readonly model: string } | null>
}

export interface McpQuestion {
  readonly message: string
  readonly fields: readonly McpField[]
}
export interface McpField {
  readonly name: string
  readonly label: string
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'choices'
  readonly choices: readonly { readonly value: string; readonly label: string }[]
  readonly required: boolean
}
export type McpAnswers = Readonly<Record<string, string | number | boolean | string[]>>

export interface McpSample {
  readonly system: string
  readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[]
  readonly maxTokens: number
}

export interface McpResourceOffer {
  readonly uri: string
  readonly name: string
  readonly description: string
  readonly mimeType: string | null
}
/** Resources that are named by filling something in. */
export interface McpTemplateOffer {
  readonly uriTemplate: string
  readonly name: string
  readonly description: string
  /** What is to be filled in. */
  readonly variables: readonly string[]
}
export interface McpOffers {
  readonly resources: readonly McpResourceOffer[]
  readonly templates: readonly McpTemplateOffer[]
  readonly prompts: readonly McpPromptOffer[]
}
export interface McpPromptOffer {
  readonly name: string
  readonly description: string
  readonly arguments: readonly { readonly name: string; readonly description: string; readonly required: boolean }[]
}

export interface McpContent {
  /** All that is text, bounded; what is not is named. */
  readonly text: string
  readonly isError: boolean
  /** More came than is taken. */
  readonly truncated: boolean
}

/** One connection. Failures are AppError: TIMEOUT_ERROR, SERVICE_UNAVAILABLE (it ended), PROVIDER_REJECTED (it said no), PAYLOAD_TOO_LARGE. */
export interface McpConnection {
  readonly about: McpAbout
  /** All pages, at most 500 tools; what is no tool is left out. */
  listTools(signal: AbortSignal): Promise<readonly McpToolDefinition[]>
  /** At most 500 each; none where the server has none. */
  listOffers(signal: AbortSignal): Promise<McpOffers>
  /** `text` or bytes in Base64, at most 5 MB. */
  readResource(uri: string, signal: AbortSignal): Promise<{ readonly text: string | null; readonly base64: string | null }>
  /** The address that a template gives. AppError INVALID_PARAMETERS. */
  fillTemplate(uriTemplate: string, values: Readonly<Record<string, string>>): string
  /** Calls back once, when the server says that the resource changed. Nothing happens where it tells of no changes, or too many are watched. Never throws. */
  watchResource(uri: string, onChanged: () => void): void
  /** What it would have the person say; at most 100,000 characters. */
  getPrompt(name: string, input: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>
  callTool(name: string, input: Readonly<Record<string, unknown>>, options: McpCallOptions): Promise<McpContent>
  /** Resolves when no process of it is left. Never throws. */
  close(): Promise<void>
}

export interface McpCallOptions {
  readonly signal: AbortSignal
  /** At most a few each second. */
  readonly onProgress: (text: string) => void
  /** Left out: whatever it asks for meanwhile is declined. */
  readonly help?: McpHelp
}

export interface McpClients {
  /** Whether programs can be confined now, and why not. */
  confinement(): { readonly on: boolean; readonly why: string | null }
  /**
   * Starts the program, or reaches the server, and agrees on the protocol. A program that is to be confined never runs without. Throws AppError:
   * SERVICE_UNAVAILABLE, TIMEOUT_ERROR, NETWORK_ERROR, AUTHENTICATION_ERROR (a person has to sign in).
   */
  connect(target: McpTarget, listener: McpListener, signal: AbortSignal): Promise<McpConnection>
  /** Forgets an earlier sign-in and begins another. */
  signIn(target: McpTarget, signal: AbortSignal): Promise<McpSignIn>
}
