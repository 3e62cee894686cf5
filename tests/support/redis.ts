import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { unusedPort } from './unused-port.ts';

export const isRedisInstalled = spawnSync('redis-server', ['--version']).status === 0;

export interface Redis {
  readonly url: string;
  start(): Promise<void>;
  /** Stops responding; the connections stay open. */
  suspend(): void;
  /** Ends. */
  stop(): Promise<void>;
}

/** Starts a Redis server that stores nothing on disk. */
export async function startRedis(): Promise<Redis> {
  const port = await unusedPort();
  const settings = `--port ${port} --bind 127.0.0.1 --save --appendonly no`.split(' ');
  let child: ChildProcess;
  const start = async () => {
    child = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of child.stdout ?? [])
      if (String(line).includes('Ready to accept connections')) break;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    suspend: () => {
      child.kill('SIGSTOP');
    },
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
