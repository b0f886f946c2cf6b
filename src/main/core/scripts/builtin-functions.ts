import { z } from 'zod'
import { MemoryKindSchema, MemoryScopeSchema } from '#contract/memory'
import { AppError } from '../errors'
import type { InnerResult } from '../tools/tool'
import { NOTED } from '../tools/memory-tools'
import { defineGlobalFunction, type GlobalFunction } from './global-functions'

const SHOWN_CHARS = 50

const MemoryOptions = z.strictObject({
  kind: MemoryKindSchema.exclude(['solution']).optional(), scope: MemoryScopeSchema.optional(), title: z.string().optional(), tags: z.array(z.string()).optional(), importance: z.number().optional(),
})
const RecallOptions = z.strictObject({ kinds: z.array(MemoryKindSchema).optional(), limit: z.number().optional() })
const ReadOptions = z.strictObject({ offset: z.number().optional(), limit: z.number().optional() })

/** What a script can do. The tool that each belongs to judges the arguments. */
export const builtinFunctions: readonly GlobalFunction[] = [
  defineGlobalFunction({
    name: 'addMemory', tool: 'remember', signature: 'addMemory(text, {kind, scope, title, tags, importance}?)', description: 'notes a lasting fact',
    takes: z.tuple([z.string(), MemoryOptions.optional()]),
    toInput: ([text, options]) => ({ text, ...options }),
    // Put up for review, or known already, it says so.
    toValue: ({ content }, [text]) => (content === NOTED ? `Added memory: ${beginning(text)}...` : content),
  }),
  defineGlobalFunction({
    name: 'recall', tool: 'recall', signature: 'recall(query, {kinds, limit}?)', description: 'as text',
    takes: z.tuple([z.string(), RecallOptions.optional()]), toInput: ([query, options]) => ({ query, ...options }),
  }),
  defineGlobalFunction({
    name: 'createFile', tool: 'write_file', signature: 'createFile(path, content)', description: 'or replaces it',
    takes: z.tuple([z.string(), z.string()]), toInput: ([path, content]) => ({ path, content }),
  }),
  defineGlobalFunction({
    name: 'readFile', tool: 'read_file', signature: 'readFile(path, {offset, limit}?)', description: 'as read_file',
    takes: z.tuple([z.string(), ReadOptions.optional()]), toInput: ([path, options]) => ({ path, ...options }),
  }),
  defineGlobalFunction({
    name: 'listFiles', tool: 'list_files', signature: 'listFiles(path?)', description: 'array of names',
    takes: z.tuple([z.string().optional()]), toInput: ([path]) => ({ ...(path !== undefined && { path }) }), toValue: linesOf,
  }),
  defineGlobalFunction({
    name: 'findFiles', tool: 'glob', signature: 'findFiles(pattern)', description: 'array of paths, by a glob',
    takes: z.tuple([z.string()]), toInput: ([pattern]) => ({ pattern }), toValue: linesOf,
  }),
  defineGlobalFunction({
    name: 'searchText', tool: 'search_text', signature: 'searchText(pattern, path?)', description: 'array of path:line:text',
    takes: z.tuple([z.string(), z.string().optional()]), toInput: ([pattern, path]) => ({ pattern, ...(path !== undefined && { path }) }), toValue: linesOf,
  }),
]

/** Whole characters. */
function beginning(text: string): string {
  return [...text.slice(0, SHOWN_CHARS * 2)].slice(0, SHOWN_CHARS).join('')
}

/** A part of them taken for all would be wrong without anyone seeing it. */
function linesOf({ content, details }: Pick<InnerResult, 'content' | 'details'>): string[] {
  if (details?.kind !== 'matches' || details.count === 0) return []
  const lines = content.split('\n')
  if (details.truncated) throw new AppError('INVALID_PARAMETERS', `There are more than ${lines.length - 1}. Ask for less: a narrower pattern or path.`)
  return lines
}
