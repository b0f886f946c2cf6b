import { z } from 'zod'

/** Kinds of words that have a colour. A token of any other kind has that of the text. */
export const tokenKinds = ['keyword', 'string', 'comment', 'constant', 'function', 'parameter', 'punctuation', 'link', 'inserted', 'deleted'] as const
export type TokenKind = (typeof tokenKinds)[number]

/** A stretch of a line, and its colour as an index of `tokenKinds`; -1: none. */
export type ColouredSpan = readonly [text: string, kind: number]
export type ColouredLines = readonly (readonly ColouredSpan[])[]

export const AnswerSchema = z.object({
  id: z.number(),
  /** Null when the thread could not colour it. */
  lines: z.array(z.array(z.tuple([z.string(), z.number()]))).nullable(),
})
export interface Question {
  readonly id: number
  readonly code: string
  readonly language: string
}
