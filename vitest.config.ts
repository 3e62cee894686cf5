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
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
