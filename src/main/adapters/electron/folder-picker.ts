import type { BrowserWindow, Dialog } from 'electron'

/** Asks with the system's own dialog, in front of the window that is open. Null when the person changes their mind. */
export function createFolderPicker({ dialog, currentWindow }: {
  readonly dialog: Pick<Dialog, 'showOpenDialog'>
  readonly currentWindow: () => BrowserWindow | null
}): () => Promise<string | null> {
  return async () => {
    const window = currentWindow()
    const options = { title: 'Open folder', properties: ['openDirectory', 'createDirectory'] as ('openDirectory' | 'createDirectory')[] }
    const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
    return canceled ? null : filePaths[0] ?? null
  }
}
