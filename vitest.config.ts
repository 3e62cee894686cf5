import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    setupFiles: ['tests/support/seen-replies.ts'],
    reporters: [
      'default',
      './tests/support/contract-coverage.ts',
      './tests/support/closing-line.ts',
    ],
    // Files wait most of the time: for browsers, servers and clocks. By itself vitest would leave a core free.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
