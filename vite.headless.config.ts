import { defineConfig } from 'vite'
import { builtinHttp } from './scripts/builtin-http.mjs'
import { nativePackages } from './scripts/native-packages.mjs'
import { threadPlugin } from './scripts/thread-plugin.mjs'

/**
 * Builds the headless host for Node. Everything but native packages is bundled, since reading
 * hundreds of small files is most of a start; what is imported dynamically stays a chunk of its own.
 */
export default defineConfig({
  publicDir: false,
  plugins: [builtinHttp(), threadPlugin()],
  ssr: { target: 'node', noExternal: true, external: nativePackages },
  build: {
    ssr: 'src/main/hosts/headless/cli.ts',
    outDir: 'out/headless',
    target: 'node22',
    minify: true,
    rollupOptions: {
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
