import { defineConfig } from 'vitest/config';

const E2E = 'tests/frontend/e2e/**/*.test.ts';

export default defineConfig({
  test: {
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
    projects: [
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['tests/**/*.test.ts'],
          exclude: [E2E],
          globalSetup: ['tests/support/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [E2E],
          globalSetup: [
            'tests/support/global-setup.ts',
            'tests/frontend/e2e/support/global-setup.ts',
          ],
          testTimeout: 120_000,
          // Files share the Chromium of their worker.
          isolate: false,
        },
      },
    ],
  },
});
