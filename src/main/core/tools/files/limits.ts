/** Of one read, in bytes; leaves room for the note under the limit of a result. */
export const READ_BYTES = 96_000
export const READ_LINES = 2_000
/** Of a file that is written or edited, in bytes. */
export const WRITE_BYTES = 10 * 1024 * 1024
/** Of each side of a preview, in characters. */
export const PREVIEW_CHARS = 200_000
export const LIST_NAMES = 1_000
export const GLOB_PATHS = 500
export const SEARCH_LINES = 200
