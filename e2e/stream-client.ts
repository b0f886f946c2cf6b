export interface StreamMessage {
  readonly type?: string
  readonly topic?: string
  readonly seq?: number
  readonly code?: string
  // Tests read into it as they know the topic.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly payload?: any
  readonly reset?: boolean
}

export interface StreamClient {
  readonly messages: readonly StreamMessage[]
  send(message: object): void
  /** The first message, of those that came and those that will, that fits. */
  first(fits: (message: StreamMessage) => boolean): Promise<StreamMessage>
  /** The code with which the server closed. */
  readonly closed: Promise<number>
  close(): void
}

/** A third party on `/ws/stream`. Sends nothing by itself. */
export async function openStream(api: string): Promise<StreamClient> {
  const url = new URL('/ws/stream', api)
  url.protocol = 'ws:'
  const socket = new WebSocket(url)
  const messages: StreamMessage[] = []
  const waiting = new Set<() => void>()
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(String(data)) as StreamMessage)
    for (const look of [...waiting]) look()
  })
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('the stream did not open')))
  })
  return {
    messages,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    first: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = messages.find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    close: () => socket.close(),
  }
}
