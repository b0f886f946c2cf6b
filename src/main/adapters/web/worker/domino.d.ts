/** Its own types name another module. */
declare module '@mixmark-io/domino' {
  interface ParsedElement {
    readonly innerHTML: string
    readonly textContent: string
  }
  interface ParsedDocument {
    readonly title: string
    readonly body: ParsedElement
    querySelectorAll(selector: string): ArrayLike<ParsedElement>
  }
  export function createDocument(html: string, force: boolean): ParsedDocument
}
