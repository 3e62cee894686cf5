import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const VITEST = resolve('node_modules/vitest/vitest.mjs');

/**
 * Runs vitest in a separate process, on test files in a temporary directory.
 *
 * @param files contents by name; one of them is vitest.config.ts
 * @returns the output, its last line, and whether the run succeeded
 */
export function runVitest(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'nested-run-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    const { stdout, status } = spawnSync(
      process.execPath,
      [VITEST, 'run', '--root', root, ...args],
      { encoding: 'utf8' },
    );
    return { stdout, last: stdout.trimEnd().split('\n').at(-1), ok: status === 0 };
  } finally {
    rmSync(root, { recursive: true });
  }
}
