import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{packages/*,experiments,scripts,bench}/test/**/*.test.ts'],
    pool: 'threads',
    // one for each core: by default one core is left idle, which on two cores is half of the machine
    maxWorkers: '100%',
    // the machine may be busy with the other steps of the gate
    testTimeout: 60_000,
  },
})
