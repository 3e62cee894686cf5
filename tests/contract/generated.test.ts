import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import config from '../../sdk/openapi-ts.config.ts';

let fresh: string;

beforeAll(async () => {
  fresh = await mkdtemp(join(tmpdir(), 'generated-'));
  const output = { ...config.output, path: fresh };
  await createClient({ ...config, output, logs: { file: false, level: 'silent' } });
});
afterAll(() => rm(fresh, { recursive: true }));

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map(
    async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}

test('generated/client is what `make generate` makes of the contract', async () => {
  expect(await filesOf('generated/client')).toEqual(await filesOf(fresh));
});
