import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

// Programs that tests start do not compile the same modules again.
process.env['NODE_COMPILE_CACHE'] ??= pathOf('node_modules/.cache/node');

/** Tests that need PostgreSQL: all projects share one server. The responses of the services under test are recorded. */
const withDatabase = {
  globalSetup: ['tests/support/global-setup.ts'],
  setupFiles: ['tests/support/seen-responses.ts'],
};

export default defineConfig({
  resolve: {
    alias: [
      // The sources of the client, so that only the tests of the package need `make sdk`.
      { find: /^@tasks-api\/client$/, replacement: pathOf('sdk/src/index.ts') },
      {
        find: /^@tasks-api\/client\/react-query$/,
        replacement: pathOf('sdk/src/react-query.ts'),
      },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/{unit,frontend/unit}/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['tests/{integration,security,faults,fuzz,docs}/**/*.test.ts'],
          ...withDatabase,
        },
      },
      {
        extends: true,
        test: {
          name: 'frontend',
          include: ['tests/frontend/integration/**/*.test.ts'],
          ...withDatabase,
          // The tests replace globals of the browser, which some modules read when they are loaded.
          isolate: true,
        },
      },
      {
        extends: true,
        test: { name: 'contract', include: ['tests/contract/**/*.test.ts'], ...withDatabase },
      },
      {
        extends: true,
        test: { name: 'commands', include: ['tests/{commands,ops}/**/*.test.ts'], ...withDatabase },
      },
      {
        extends: true,
        test: { name: 'sdk', include: ['tests/sdk/**/*.test.ts'], ...withDatabase },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/frontend/e2e/**/*.test.ts'],
          globalSetup: [...withDatabase.globalSetup, 'tests/frontend/e2e/support/global-setup.ts'],
          testTimeout: 120_000,
          // Files share the Chromium of their worker.
          isolate: false,
        },
      },
    ],
    // The files of a worker share the modules, and one service (tests/support/service.ts).
    isolate: false,
    reporters: [
      'default',
      './tests/support/contract-coverage.ts',
      './tests/support/closing-line.ts',
    ],
    // Most tests wait for browsers, servers and clocks. By default vitest would leave one core unused.
    // The servers of a Citus cluster need the cores themselves.
    maxWorkers: process.env['CITUS_TEST_URL'] === undefined ? '100%' : 1,
    // For a busy machine; no test waits on purpose for that long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
