import { existsSync } from 'node:fs';

/**
 * Call this in tests of the built client package; all other tests use its sources.
 *
 * @throws when the package is not built
 */
export function expectBuiltClient(): void {
  if (!existsSync('sdk/dist/sdk/src/index.js')) {
    throw new Error('The client is not built; run: make sdk');
  }
}
