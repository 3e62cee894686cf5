import { defineConfig } from 'rolldown';

/**
 * Builds `lib/` of the npm package: the service together with the libraries that it needs at its start. Node.js loads a few files
 * faster than a thousand.
 */
export default defineConfig({
  input: { cli: 'src/cli.ts', worker: 'src/workers/worker.ts' },
  platform: 'node',
  // Loaded only where they are used.
  external: ['@opentelemetry/sdk-node', 'ioredis', 'node-pg-migrate', 'pino-pretty', 'prom-client'],
  output: {
    dir: 'lib',
    cleanDir: true,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
  },
});
