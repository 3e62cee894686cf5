import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('../../../src/embedded-postgres/run.ts', import.meta.url));

/** Opens files until no more can be opened, and then runs a program. */
const SCRIPT = `
  import { openSync } from 'node:fs';
  import { run } from '${RUN}';
  try {
    for (;;) openSync('/dev/null');
  } catch {
    console.log(await run('/bin/true', []).catch(({ code }) => code));
  }
`;

test.runIf(process.platform === 'linux')(
  'without a file descriptor left, a program cannot be started, which does not end the process',
  async () => {
    const { stdout } = await promisify(execFile)(
      'prlimit',
      ['--nofile=64:64', process.execPath, '--input-type=module', '--eval', SCRIPT],
      { encoding: 'utf8' },
    );
    expect(stdout).toBe('EMFILE\n');
  },
);
