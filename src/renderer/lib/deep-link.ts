/** What a `trestle://` link proposes. Nothing is done by reading it. */
export type Proposal =
  | { readonly kind: 'open-folder'; readonly folder: string }
  | { readonly kind: 'session'; readonly sessionId: string }
  | { readonly kind: 'prompt'; readonly prompt: string }
  /** The link itself, for the host to read. */
  | { readonly kind: 'mcp'; readonly link: string }

const MAX_LINK_CHARS = 4096
const MAX_FOLDER_CHARS = 1024
const MAX_PROMPT_CHARS = 2000
/** What is not seen as it is: controls, text that turns around, nothing. Line breaks of a prompt are seen. */
const hidden = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u

/**
 * Reads a link from outside. Only these are known, each with exactly its own parameters, once:
 * `trestle://open?folder=<absolute path>`, `trestle://session/<id>`, `trestle://new?prompt=<text>`,
 * `trestle://mcp?config=<JSON of servers>`. Everything else is null.
 */
export function parseDeepLink(link: string): Proposal | null {
  if (link.length > MAX_LINK_CHARS) return null
  const [, target, query = ''] = /^trestle:\/\/([\w/-]{1,100})(?:\?([^#]*))?$/i.exec(link) ?? []
  if (target === undefined) return null
  const [, sessionId] = /^session\/([\w-]{1,64})$/.exec(target) ?? []
  if (sessionId !== undefined) return query === '' ? { kind: 'session', sessionId } : null
  if (target === 'open' || target === 'open/') {
    const folder = only(query, 'folder', MAX_FOLDER_CHARS)
    return folder !== null && isAbsolute(folder) && !/[\n\t]/.test(folder) ? { kind: 'open-folder', folder } : null
  }
  if (target === 'new' || target === 'new/') {
    const prompt = only(query, 'prompt', MAX_PROMPT_CHARS)
    return prompt !== null && prompt.trim() !== '' ? { kind: 'prompt', prompt } : null
  }
  if (target === 'mcp' || target === 'mcp/') return only(query, 'config', MAX_LINK_CHARS) === null ? null : { kind: 'mcp', link }
  return null
}

function only(query: string, name: string, maxChars: number): string | null {
  const [parameter, ...others] = query.split('&')
  if (parameter === undefined || others.length > 0 || !parameter.startsWith(`${name}=`)) return null
  const value = decode(parameter.slice(name.length + 1))
  return value === null || value.length > maxChars || hidden.test(value) ? null : value
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Of this machine: no server names, no device paths. */
function isAbsolute(path: string): boolean {
  return /^\/(?!\/)/.test(path) || /^[A-Za-z]:[\\/]/.test(path)
}
