import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages/*,experiments,scripts,bench}/test/**/*.test.ts'],
    pool: 'threads',
    // the machine may be busy with the other steps of the gate
    testTimeout: 60_000,
  },
})
