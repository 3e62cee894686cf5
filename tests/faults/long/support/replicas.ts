import { startProcess } from '../../../support/process.ts';
import { SECRET } from '../../../support/tokens.ts';
import { unusedPort } from '../../../support/unused-port.ts';

interface Replica {
  readonly url: string;
  readonly pid: () => number;
  /** Stops the process with SIGTERM, and starts another one on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a process of the service.
 *
 * @param descriptors how many files it may open; by default as many as the system allows
 */
export async function startReplica(
  environment: Readonly<Record<string, string>>,
  descriptors?: number,
): Promise<Replica> {
  const port = await unusedPort();
  const settings = {
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
    BETTER_AUTH_SECRET: SECRET,
    ...environment,
  };
  const shell = { command: '/bin/sh', cwd: process.cwd() };
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors} && `;
  const command = `${limit}exec "${process.execPath}" src/main.ts`;
  const start = () => startProcess(settings, shell, '-c', command);
  let running = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    pid: () => running.pid,
    async restart() {
      await running.end('SIGTERM');
      running = await start();
    },
    async stop() {
      await running.end('SIGTERM');
    },
  };
}
