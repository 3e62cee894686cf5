/**
 * Preloaded into a Node.js process with an IPC channel: records CPU profiles on request. `{ profile: 'start' }` begins one;
 * `{ profile: 'stop' }` ends it and sends it back.
 */

import { Session } from 'node:inspector/promises';

const INTERVAL_MICROSECONDS = 200;

const session = new Session();
session.connect();
process.on('message', (message: { profile?: 'start' | 'stop' }) => void handle(message));
// The channel does not keep the process running.
process.channel?.unref();

async function handle({ profile: action }: { profile?: 'start' | 'stop' }): Promise<void> {
  if (action === 'start') {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
    await session.post('Profiler.start');
    process.send?.('started');
  } else if (action === 'stop') {
    const { profile } = await session.post('Profiler.stop');
    process.send?.(profile);
  }
}
