import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { builtinHttp } from './scripts/builtin-http.mjs'
import { diagramFrame } from './scripts/diagram-frame.mjs'
import { firstScreen } from './scripts/first-screen.mjs'
import { monacoStyles } from './scripts/monaco-styles.mjs'
import { nativePackages } from './scripts/native-packages.mjs'
import { terminalStyles } from './scripts/terminal-styles.mjs'
import { threadPlugin } from './scripts/thread-plugin.mjs'

/** Builds the desktop host, the preload script, and the window that both hosts show. */
export default defineConfig({
  main: {
    plugins: [builtinHttp(), threadPlugin()],
    build: {
      outDir: 'out/main',
      minify: true,
      externalizeDeps: false,
      rollupOptions: {
        input: 'src/main/hosts/electron/index.ts',
        external: nativePackages,
        output: { entryFileNames: 'index.js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      minify: true,
      externalizeDeps: false,
      rollupOptions: {
        input: 'src/preload/index.ts',
        // A sandboxed preload script has to be CommonJS, whatever the package's type says.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), tailwindcss(), monacoStyles(), terminalStyles(), diagramFrame()],
    // The languages of the thread that colours code are files of their own.
    worker: { format: 'es' },
    build: {
      outDir: 'out/renderer',
      minify: true,
      rollupOptions: { input: 'src/renderer/index.html', output: { codeSplitting: { groups: [{ name: firstScreen() }] } } },
    },
  },
})
