import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchServer } from '../../../src/embedded-postgres/watch.ts';

beforeEach(() => {
  vi.useFakeTimers({ fakeNodeBuiltins: true });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Watches a server that runs, until `end`. Each start of it is recorded, with its time in seconds. */
function watch(start: () => Promise<void> = () => Promise.resolve()) {
  const begin = performance.now();
  const starts: number[] = [];
  const warnings: string[] = [];
  let isRunning = true;
  const stop = new AbortController();
  const watched = watchServer({
    isRunning: () => Promise.resolve(isRunning),
    restart: async () => {
      starts.push((performance.now() - begin) / 1000);
      await start();
      isRunning = true;
    },
    warn: (message) => warnings.push(message),
    signal: stop.signal,
  });
  let outcome: unknown = 'watching';
  watched.then(
    () => (outcome = 'stopped'),
    (error: unknown) => (outcome = String(error)),
  );
  return {
    starts,
    warnings,
    stop,
    outcome: () => outcome,
    end: () => {
      isRunning = false;
    },
  };
}

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

test('a server that keeps ending is started again four times, with delays that double, and then given up', async () => {
  const server = watch(() => {
    setTimeout(server.end);
    return Promise.resolve();
  });
  server.end();
  await pass(120);
  expect(server.starts).toEqual([1.2, 2.6, 4.4, 7]);
  expect(server.warnings).toEqual(
    Array(4).fill(['PostgreSQL has exited; restarting it', 'PostgreSQL is running again']).flat(),
  );
  expect(server.outcome()).toBe(
    'ProgramError: PostgreSQL has exited, for the fifth time within a minute',
  );
});

test('a start that fails counts as an end, and is the reason', async () => {
  const server = watch(() => Promise.reject(new Error('no space left')));
  server.end();
  await pass(120);
  expect(server.starts).toEqual([1.2, 2.6, 4.4, 7]);
  expect(server.warnings).toEqual([
    'PostgreSQL has exited; restarting it',
    ...Array<string>(3).fill('no space left; restarting it'),
  ]);
  expect(server.outcome()).toBe('ProgramError: no space left, for the fifth time within a minute');
});

test('a server that ends less often is always started again, without a longer delay', async () => {
  const server = watch();
  for (let ends = 1; ends <= 10; ends++) {
    server.end();
    await pass(1.2);
    expect(server.starts).toHaveLength(ends);
    await pass(60);
  }
  expect(server.outcome()).toBe('watching');
});

test('a watch that is stopped starts nothing', async () => {
  const server = watch();
  server.end();
  await pass(1.1);
  server.stop.abort();
  await pass(60);
  expect(server.starts).toEqual([]);
  expect(server.outcome()).toBe('stopped');
});
