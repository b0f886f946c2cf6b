import type { Grant } from '#contract/workspaces'
import { compileGlob } from '../files/glob'
import type { Capability } from '../tools/tool'

/** What a grant looks at. */
export interface CoveredCall {
  readonly toolName: string
  readonly capability: Capability
  readonly paths: readonly string[]
  readonly hosts: readonly string[]
  /** Of a tool that runs one, as the shell gets it. */
  readonly command?: string | null
}

/** A pattern covers a call only when it names what the pattern is about, and all of that fits: the words of a command, hosts, else paths. */
export function covers({ toolName, pattern }: Pick<Grant, 'toolName' | 'pattern'>, call: CoveredCall): boolean {
  if (toolName !== call.toolName) return false
  if (pattern === null) return true
  switch (call.capability) {
    case 'execute': return beginsWith(call.command ?? '', pattern)
    case 'network': return call.hosts.length > 0 && call.hosts.every((host) => isHostOf(host, pattern))
    default: {
      const fits = compileGlob(pattern)
      return call.paths.length > 0 && call.paths.every((path) => fits(path.split('/')))
    }
  }
}

/** `npm test` covers `npm test --watch`, and nothing that the shell would do beside or instead. */
function beginsWith(command: string, pattern: string): boolean {
  const words = commandWords(command)
  const wanted = commandWords(pattern)
  return words !== null && wanted !== null && wanted.length > 0 && wanted.every((word, index) => words[index] === word)
}

/** Plain characters, or quotes within which the shell replaces nothing. */
const word = /^(?:[\w./:=@%+,^-]|'[^'\n]*'|"[^"\n\\$`!]*")+/

/** The words of a command that runs one program and nothing else; null for any other. */
export function commandWords(command: string): readonly string[] | null {
  const words: string[] = []
  let rest = command.trim()
  while (rest !== '') {
    const [found] = word.exec(rest) ?? []
    if (found === undefined) return null
    rest = rest.slice(found.length)
    if (rest !== '' && !/^[ \t]/.test(rest)) return null
    rest = rest.replace(/^[ \t]+/, '')
    words.push(found.replaceAll(/'([^']*)'|"([^"]*)"/g, (_whole, single: string | undefined, double: string | undefined) => single ?? double ?? ''))
  }
  // What stands before the program as `NAME=value` changes what it does.
  return words[0]?.includes('=') ? null : words
}

/** Hosts are compared whole, never by how they end: `*.` stands for at least one more name in front. */
export function isHostOf(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern
}
