/** Packages that no build may bundle: native code, or a binary that is found by its package's own path. */
export const nativePackages = ['better-sqlite3', 'keytar', '@vscode/ripgrep', '@lydell/node-pty']
