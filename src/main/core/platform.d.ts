/**
 * The web-standard globals that every host has (Electron main, Node, browser). Core is compiled
 * with lib ES2023 and no ambient types, so whatever is not declared here or in ES2023 is
 * unavailable to it on purpose: timers, console, fetch, process and crypto arrive as ports.
 *
 * Only tsconfig.core.json includes this file; elsewhere these names come from @types/node or DOM.
 */

interface AbortSignalEvent {
  readonly type: 'abort'
}

interface AbortSignal {
  readonly aborted: boolean
  /** What was passed to `abort()`, or a DOMException named `AbortError` or `TimeoutError`. */
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(
    type: 'abort',
    listener: (event: AbortSignalEvent) => void,
    options?: { readonly once?: boolean; readonly signal?: AbortSignal },
  ): void
  removeEventListener(type: 'abort', listener: (event: AbortSignalEvent) => void): void
}

declare const AbortSignal: {
  readonly prototype: AbortSignal
  abort(reason?: unknown): AbortSignal
  any(signals: Iterable<AbortSignal>): AbortSignal
  /** Follows real time, not the injected clock: for I/O limits only, never for schedules. */
  timeout(milliseconds: number): AbortSignal
}

interface AbortController {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

declare const AbortController: {
  readonly prototype: AbortController
  new (): AbortController
}

declare function structuredClone<T>(value: T): T

declare function queueMicrotask(callback: () => void): void

interface TextEncoder {
  readonly encoding: 'utf-8'
  encode(input?: string): Uint8Array<ArrayBuffer>
}

declare const TextEncoder: {
  readonly prototype: TextEncoder
  new (): TextEncoder
}

interface TextDecoder {
  readonly encoding: string
  decode(input?: ArrayBufferLike | ArrayBufferView, options?: { readonly stream?: boolean }): string
}

declare const TextDecoder: {
  readonly prototype: TextDecoder
  new (
    label?: string,
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  ): TextDecoder
}

interface URLSearchParams extends Iterable<[string, string]> {
  readonly size: number
  append(name: string, value: string): void
  delete(name: string): void
  get(name: string): string | null
  getAll(name: string): string[]
  has(name: string): boolean
  set(name: string, value: string): void
  toString(): string
}

declare const URLSearchParams: {
  readonly prototype: URLSearchParams
  new (init?: string | Iterable<readonly [string, string]> | Readonly<Record<string, string>>): URLSearchParams
}

interface URL {
  hash: string
  host: string
  hostname: string
  href: string
  readonly origin: string
  password: string
  pathname: string
  port: string
  protocol: string
  search: string
  readonly searchParams: URLSearchParams
  username: string
  toString(): string
  toJSON(): string
}

declare const URL: {
  readonly prototype: URL
  new (url: string | URL, base?: string | URL): URL
  canParse(url: string | URL, base?: string | URL): boolean
}

interface ReadableStream<T = unknown> extends AsyncIterable<T> {
  readonly locked: boolean
  cancel(reason?: unknown): Promise<void>
}

declare const ReadableStream: {
  readonly prototype: ReadableStream
  new <T>(source: {
    pull?(controller: { enqueue(chunk: T): void; close(): void }): void | Promise<void>
    cancel?(reason?: unknown): void
  }): ReadableStream<T>
}
