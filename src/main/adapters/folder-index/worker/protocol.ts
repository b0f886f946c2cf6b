import type { FolderChange } from '#contract/files'

export type Request =
  | { readonly id: number; readonly kind: 'list'; readonly root: string; readonly path: string }
  | { readonly id: number; readonly kind: 'find'; readonly root: string; readonly query: string; readonly mode: 'fuzzy' | 'contains'; readonly limit: number }
  /** Tells of changes until `unwatch`. */
  | { readonly id: number; readonly kind: 'watch' | 'unwatch'; readonly root: string }

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: string | null; readonly message: string } }
  | { readonly root: string; readonly change: FolderChange }
