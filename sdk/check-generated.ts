import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createClient } from '@hey-api/openapi-ts';
import config from './openapi-ts.config.ts';

const fresh = await mkdtemp(join(tmpdir(), 'generated-'));
try {
  const output = { ...config.output, path: fresh };
  await createClient({ ...config, output, logs: { file: false, level: 'silent' } });
  if (!isDeepStrictEqual(await filesOf(config.output.path), await filesOf(fresh))) {
    process.stderr.write('generated/client is not up to date.\n');
    process.exitCode = 1;
  }
} finally {
  await rm(fresh, { recursive: true });
}

/** The contents of all files in a folder, by relative path. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [relative(folder, path), await readFile(path, 'utf8')] as const;
      }),
    ),
  );
}
