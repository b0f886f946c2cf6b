/**
 * Runs inside, before the script, and is all that it finds there beside the language. Only texts cross the border: what a script does to JSON,
 * promises or prototypes, it does to itself.
 */
export const insideSource = `((names, send, print, settle) => {
  'use strict'
  const { parse, stringify } = JSON
  const AsyncFunction = (async () => {}).constructor
  const shown = (value) => {
    try {
      if (typeof value === 'string') return value
      if (value instanceof Error) return value.name + ': ' + value.message
      return stringify(value) ?? String(value)
    } catch {
      return 'something that cannot be shown'
    }
  }
  const { then } = Promise.prototype
  const { apply } = Reflect
  const failed = (error) => Promise.reject(error)
  for (const name of names) {
    // Not an async function: what ends the script while this runs has to end its caller too.
    const value = (...given) => {
      let text
      try {
        text = stringify(given)
      } catch (error) {
        return failed(error)
      }
      return apply(then, send(name, text), [parse])
    }
    Object.defineProperty(globalThis, name, { enumerable: true, value })
  }
  const say = (...values) => print(values.map(shown).join(' ') + '\\n')
  globalThis.console = Object.freeze({ log: say, info: say, warn: say, error: say, debug: say })
  return async (source) => {
    try {
      const value = await new AsyncFunction(source)()
      let json
      try {
        json = stringify(value)
      } catch (error) {
        return settle('threw', 'what it returns is not JSON (' + shown(error) + ')')
      }
      settle('returned', json)
    } catch (error) {
      settle('threw', shown(error))
    }
  }
})`
