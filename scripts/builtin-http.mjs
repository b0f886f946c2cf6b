import http from 'node:http'

// Getters of node:http that load undici once they are read, as an import of the module does. Nothing here uses them.
const lazy = new Set(['WebSocket', 'CloseEvent', 'MessageEvent'])
const id = '\0builtin-http'

/** Lets the built hosts take `node:http` as it is, without what an import of it would load beside it. */
export function builtinHttp() {
  const names = Object.keys(http).filter((name) => !lazy.has(name))
  return {
    name: 'builtin-http',
    enforce: 'pre',
    resolveId: (source) => (source === 'node:http' || source === 'http' ? id : null),
    load: (loaded) => (loaded === id
      ? `const builtin = process.getBuiltinModule('node:http')\nexport default builtin\nexport const { ${names.join(', ')} } = builtin\n`
      : null),
  }
}
