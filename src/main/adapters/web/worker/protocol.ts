export interface ReadRequest {
  readonly html: string
  readonly url: string
}

export interface ReadReply {
  readonly title: string | null
  readonly text: string
}
