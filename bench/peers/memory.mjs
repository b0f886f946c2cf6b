// What the memory is measured beside.
export { connect, Index } from '@lancedb/lancedb'
export { create, insertMultiple, search } from '@orama/orama'
export { default as MiniSearch } from 'minisearch'
export { getLoadablePath } from 'sqlite-vec'
