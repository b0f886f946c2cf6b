import { ipcRenderer } from 'electron'

/** Hands the page its one port to the runtime; a new one when the page was loaded anew. */
ipcRenderer.on('trestle:port', (event) => {
  window.postMessage('trestle:port', window.location.origin, [...event.ports])
})
