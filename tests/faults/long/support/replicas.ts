import { freePort } from '../../../../src/commands/free-port.ts';
import { type ServiceProcess, startProcess } from '../../../support/process.ts';
import { SECRET } from '../../../support/tokens.ts';

interface Replica {
  readonly url: string;
  /** Stops the process with SIGTERM, and starts another one on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts processes of the service on one database. */
export function startReplicas(
  count: number,
  environment: Readonly<Record<string, string>>,
): Promise<Replica[]> {
  return Promise.all(Array.from({ length: count }, () => startReplica(environment)));
}

async function startReplica(environment: Readonly<Record<string, string>>): Promise<Replica> {
  const port = await freePort('port', '0', '127.0.0.1', '');
  const start = (): Promise<ServiceProcess> =>
    startProcess({
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
      BETTER_AUTH_SECRET: SECRET,
      ...environment,
    });
  let running = await start();
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      await running.end('SIGTERM');
      running = await start();
    },
    async stop() {
      await running.end('SIGTERM');
    },
  };
}
