import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const STOP_SIGNAL = JSON.stringify(resolve('src/commands/stop-signal.ts'));

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])(
  'a shutdown that takes too long after %s ends',
  (signal) => {
    const script = `import { stopSignal } from ${STOP_SIGNAL};
    process.stdout.isTTY = true;
    setTimeout(() => undefined, 5_000);
    const stopping = stopSignal(10);
    process.kill(process.pid, '${signal}');
    console.log(await stopping);`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout.trim()).toBe(signal);
    expect(status).toBe(1);
  },
);

test('outside of a terminal, SIGHUP keeps its default action', () => {
  const script = `import { stopSignal } from ${STOP_SIGNAL};
    setTimeout(() => undefined, 5_000);
    const stopping = stopSignal(10);
    process.kill(process.pid, 'SIGHUP');
    await stopping;`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(signal).toBe('SIGHUP');
});
