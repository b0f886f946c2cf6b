/** A file and all that it imports as the text of one script; see scripts/thread-plugin.mjs. */
declare module '*?thread' {
  export const source: string
}
