import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Prints Node.js's own modules and the CommonJS modules that the service loads before its start. */
const LIST_MODULES = `
import { createRequire } from 'node:module';
await import('./src/service.ts');
console.log([...process.moduleLoadList, ...Object.keys(createRequire(import.meta.url).cache)].join('\\n'));
`;

test('the start does not wait for modules that it does not need', async () => {
  const args = ['--input-type=module', '--eval', LIST_MODULES];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toContain('node_modules/express/');
  // What `fetch` consists of; see src/http/node-http.ts.
  expect(stdout).not.toContain('undici');
  expect(stdout).not.toContain('node_modules/openapi-backend/');
  expect(stdout).not.toContain('node_modules/ioredis/');
});
