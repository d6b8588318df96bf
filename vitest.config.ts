import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/test/**/*.test.ts', 'experiments/test/**/*.test.ts'],
        },
      },
    ],
    pool: 'threads',
    testTimeout: 60_000,
  },
})
