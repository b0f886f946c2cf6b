import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { threadPlugin } from './scripts/thread-plugin.mjs'

export default defineConfig({
  plugins: [react(), threadPlugin()],
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
})
