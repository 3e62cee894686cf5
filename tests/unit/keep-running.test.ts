import { expect, onTestFinished, test, vi } from 'vitest';
import { keepRunning } from '../../src/commands/application/keep-running.ts';
import type { Program } from '../../src/commands/application/program.ts';

test('a program that exits during the stop is not restarted', async () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => {
    write.mockRestore();
  });
  const never = new Promise<never>(() => undefined);
  const program = (crashed: Promise<never>): Program => ({
    crashed,
    ready: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });
  const restart = vi.fn(() => program(never));
  void keepRunning(
    program(Promise.reject(new Error('The program has exited'))),
    restart,
    AbortSignal.abort(),
  );
  await expect.poll(() => write.mock.calls).toEqual([['The program has exited; restarting it\n']]);
  await new Promise(setImmediate);
  expect(restart).not.toHaveBeenCalled();
});
