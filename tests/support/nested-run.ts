import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const VITEST = resolve('node_modules/vitest/vitest.mjs');

/**
 * Runs vitest in a separate process, on test files in a temporary directory.
 *
 * @param files contents by name; one of them is vitest.config.ts
 * @returns the output, its last line, and whether the run succeeded
 */
export async function runVitest(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
) {
  const root = await mkdtemp(join(tmpdir(), 'nested-run-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
    const child = spawn(process.execPath, [VITEST, 'run', '--root', root, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [stdout, [status]] = await Promise.all([
      text(child.stdout),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { stdout, last: stdout.trimEnd().split('\n').at(-1), ok: status === 0 };
  } finally {
    await rm(root, { recursive: true });
  }
}
