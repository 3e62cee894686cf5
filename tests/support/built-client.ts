import { existsSync } from 'node:fs';

/**
 * For tests of the built client package; all others use its sources.
 *
 * @throws when the package is not built
 */
export function expectBuiltClient(): void {
  if (!existsSync('sdk/dist/sdk/src/index.js')) {
    throw new Error('The client is not built; run: make sdk');
  }
}
