/** Runs several replicas of the service behind HAProxy, with Redis for the rate limits, until Ctrl-C. */

import { resolve } from 'node:path';
import { runPrograms } from '../src/commands/application/run-programs.ts';
import { greeting } from '../src/commands/greeting.ts';
import { runCommand } from '../src/commands/run-command.ts';
import { stopSignal } from '../src/commands/stop-signal.ts';
import { readConfig } from '../src/config.ts';
import { readReplicas, serviceOf, startCluster } from './support/cluster.ts';

const STOP_TIMEOUT_MS = 60_000;
const checkout = resolve(import.meta.dirname, '..');

await runCommand(async () => {
  const config = readConfig();
  const replicas = readReplicas();
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  await using cluster = await startCluster(config, replicas, { SHUTDOWN_DELAY: '0' });
  await runPrograms({
    programs: cluster.ports.map((port) => ({
      name: `service on port ${port}`,
      args: [serviceOf(checkout)],
      environment: cluster.environmentOf(port),
      output: 'errors',
      ready: `http://127.0.0.1:${port}/readyz`,
    })),
    greeting: await greeting(config, cluster.port, cluster.secret),
    stopping: Promise.race([stopping, cluster.failed]),
  });
});
