import module from 'node:module'
import { join } from 'node:path'
import { helpText, parseCommand } from './arguments'
import { exitCodes, exitFor } from './exit'

// Read by the chunk with everything else, so that a second start compiles nothing. In our own folder: Node's default
// one is shared with other people of the machine.
module.enableCompileCache(join(import.meta.dirname, '..', '.compile-cache'))

const say = (line: string) => void process.stderr.write(`trestle: ${line}\n`)
/** A closed pipe of a parent that has gone is no reason to stop working. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

function fail(error: unknown): void {
  const { code, line } = exitFor(error)
  say(line)
  process.exit(code)
}
/** What happens to an error that nobody caught; a host that runs has a log to write it to. */
const uncaught = { handle: fail }
for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, (error: unknown) => uncaught.handle(error))

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2))
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText)
      return
    case 'version':
      process.stdout.write(`${(await import('../shared/version')).version}\n`)
      return
    case 'bad':
      say(command.message)
      process.exitCode = exitCodes.badArguments
      return
    case 'mcp': {
      const { serveMcp } = await import('./mcp')
      await serveMcp(command.profile, process.env)
      process.exit(exitCodes.ok)
      return
    }
    case 'serve':
    case 'demo': {
      const { serve } = await import('./serve')
      await serve(command, {
        windowRoot: join(import.meta.dirname, '..', 'renderer'), say, environment: process.env,
        onUncaught: (handle) => {
          uncaught.handle = handle
        },
      })
    }
  }
}

main().catch(fail)
